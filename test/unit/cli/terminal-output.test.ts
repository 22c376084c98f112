import { terminalOutput } from '../../../cli/terminal-output';

class Stream {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 20,
  ) {}
  write(text: string): void {
    this.text += text;
  }
}

describe('the output of a command', () => {
  test('keeps the answer apart from what is said beside it', () => {
    const [standard, error] = [new Stream(false), new Stream(false)];
    const output = terminalOutput(standard, error);
    output.line('answer');
    output.note('news');
    expect([standard.text, error.text]).toEqual(['answer\n', 'news\n']);
    expect(output.transient).toBeUndefined();
  });

  test('takes a passing line back before the next one, and cuts it so that it does not wrap', () => {
    const [standard, error] = [new Stream(true), new Stream(true)];
    const output = terminalOutput(standard, error);
    output.transient?.('a line that is longer than the terminal');
    expect(error.text).toBe('\r\u001b[Ka line that is long');
    output.line('answer');
    expect(error.text.endsWith('\r\u001b[K')).toBe(true);
    expect(standard.text).toBe('answer\n');
    const before = error.text;
    output.note('news');
    expect(error.text).toBe(`${before}news\n`);
  });
});

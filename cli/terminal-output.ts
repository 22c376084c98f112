import type { Output } from './output';

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { write(text: string): unknown };

/** The lines of a command on the standard streams. Only a terminal is shown lines that go away again. */
export function terminalOutput(standard: Stream, error: Stream): Output {
  let shown = false;
  const clear = () => {
    if (shown) error.write('\r\u001b[K');
    shown = false;
  };
  const onLine = (stream: Stream) => (text: string) => {
    clear();
    stream.write(`${text}\n`);
  };
  return {
    line: onLine(standard),
    note: onLine(error),
    ...(error.isTTY && {
      transient: (text: string) => {
        // A line that wraps can't be taken back.
        error.write(`\r\u001b[K${text.slice(0, Math.max(1, (error.columns ?? 80) - 1))}`);
        shown = true;
      },
    }),
  };
}

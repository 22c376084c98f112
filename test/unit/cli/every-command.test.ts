import type { Command, CommanderError } from 'commander';
import { EXIT, exitCodeOf } from '../../../cli/exit-code';
import { createProgram } from '../../../cli/program';
import { surroundings } from './surroundings';

/** Started by other commands only, and their arguments are not for people. */
const INTERNAL: readonly string[] = ['local-sagemaker', 'local-traffic'];

function program(): Command {
  return createProgram(surroundings(), '1.2.3', { writeCharts: async () => [] });
}

/** A command and the words that lead to it. */
interface Found {
  readonly words: readonly string[];
  readonly command: Command;
}

function found(command: Command, words: readonly string[] = []): Found[] {
  return [{ words, command }, ...command.commands.flatMap((each) => found(each, [...words, each.name()]))];
}

const hasAction = (command: Command) => command.commands.length === 0 || command.name() === 'local';
const ALL = found(program()).map(({ words, command }) => ({ name: ['mlops', ...words].join(' '), words, command }));
const RUNNABLE = ALL.filter(({ command }) => hasAction(command));
const PUBLIC = RUNNABLE.filter(({ words }) => !INTERNAL.includes(words[0] ?? ''));

interface Ended {
  readonly printed: string;
  readonly error: unknown;
}

/** Runs the command line, with what commander itself writes kept. */
const mlops = (...words: readonly string[]) => run(program(), words);

/** Only reads the words, and fails where a command would begin. */
function parsed(...words: readonly string[]): Promise<Ended> {
  const line = program();
  for (const { command } of found(line).filter((each) => hasAction(each.command))) {
    command.action(() => {
      throw new Error(`${command.name()} began`);
    });
  }
  return run(line, words);
}

async function run(line: Command, words: readonly string[]): Promise<Ended> {
  let printed = '';
  for (const { command } of found(line)) {
    const keep = (text: string) => {
      printed += text;
    };
    command.configureOutput({ writeOut: keep, writeErr: keep });
  }
  try {
    await line.parseAsync([...words], { from: 'user' });
    return { printed, error: undefined };
  } catch (error) {
    return { printed, error };
  }
}

const ofCommander = (error: unknown) => error as Partial<CommanderError>;

/** A value for each option that a command can't do without. */
function neededOptions({ options }: Command): string[] {
  const values: Readonly<Record<string, string>> = {
    '--rps': '1',
    '--p99-ms': '100',
    '--port': '4566',
    '--speed': '60',
    '--env': 'dev',
  };
  return options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long ?? '', values[long ?? ''] ?? 'x']);
}

/** All that it needs. @param first its first argument, if it has one */
function needed({ command, words }: Found, first = 'flight-delay'): string[] {
  const args = command.registeredArguments.map((_, index) => (index === 0 ? first : '1'));
  return [...words, ...args, ...neededOptions(command)];
}

describe('every command', () => {
  test('is found', () => {
    expect(PUBLIC.length).toBeGreaterThan(25);
    for (const name of INTERNAL) expect(RUNNABLE.map(({ words }) => words[0])).toContain(name);
  });

  test.each(ALL)('$name says what it does, and each of its options', ({ command }) => {
    expect(command.description()).toMatch(/\w{2}.*[\w)]$/);
    for (const option of command.options) expect(`${option.flags}: ${option.description}`).toMatch(/: .*\w{2}/);
  });

  test.each(ALL)('$name answers --help', async ({ name, words }) => {
    const { printed, error } = await mlops(...words, '--help');
    expect(printed).toContain(`Usage: ${name} `);
    expect(ofCommander(error)).toMatchObject({ exitCode: 0 });
  });

  test.each(RUNNABLE)('$name begins with what it needs', async (each) => {
    expect(String((await parsed(...needed(each))).error)).toBe(`Error: ${each.command.name()} began`);
  });

  test.each(RUNNABLE)('$name refuses an option that it has not', async (each) => {
    const { printed, error } = await parsed(...needed(each), '--no-such-option');
    expect(ofCommander(error).code).toBe('commander.unknownOption');
    expect(printed).toContain('--no-such-option');
  });

  test.each(RUNNABLE)('$name refuses a word too many', async (each) => {
    const { error } = await parsed(...needed(each), 'superfluous');
    expect(ofCommander(error).code).toMatch(/^commander\.(excessArguments|unknownCommand)$/);
  });

  test.each(RUNNABLE.filter(({ command }) => command.registeredArguments.some(({ required }) => required)))(
    '$name refuses to go without what it is about',
    async ({ words, command }) => {
      const { error } = await parsed(...words, ...neededOptions(command));
      expect(ofCommander(error).code).toBe('commander.missingArgument');
    },
  );

  test.each(ALL.filter(({ command }) => !hasAction(command)))(
    '$name is no command by itself, and lists those that are',
    async ({ words, command }) => {
      const { printed, error } = await mlops(...words);
      expect(ofCommander(error)).toMatchObject({ exitCode: 1 });
      for (const each of command.commands.filter((it) => !INTERNAL.includes(it.name()))) {
        expect(printed).toContain(`  ${each.name()}`);
      }
      expect(ofCommander((await mlops(...words, 'no-such-command')).error).code).toBe('commander.unknownCommand');
    },
  );

  test.each(PUBLIC)('$name prints what it found as JSON for whoever asks', ({ command }) => {
    const options = [command, command.parent].flatMap((each) => each?.options.map(({ long }) => long) ?? []);
    expect(options).toContain('--json');
  });

  test.each(PUBLIC.filter(({ command }) => command.registeredArguments.length > 0))(
    '$name refuses a model or an environment that there is not, with what there is',
    async (each) => {
      const { error } = await mlops(...needed(each, 'no-such-name'));
      expect(String(error)).toContain('got no-such-name; choose from');
      expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    },
  );

  test.each(PUBLIC.filter(({ command }) => command.options.some(({ long }) => long === '--env')))(
    '$name refuses an environment that there is not, with those that there are',
    async (each) => {
      const { error } = await mlops(...needed(each), '--env', 'no-such-name');
      expect(String(error)).toContain('got no-such-name; choose from');
      expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    },
  );
});

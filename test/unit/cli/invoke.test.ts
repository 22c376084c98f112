import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import { invokeCommand } from '../../../cli/commands/invoke';
import { EXIT, exitCodeOf } from '../../../cli/exit-code';
import { LARGEST_BODY } from '../../../cli/invoke/read-body';
import { FakeAccount, fail } from './release/fake-account';
import { surroundings } from './surroundings';

async function invoke(account: FakeAccount, words: string[], input: string | Buffer = '{"instances":[{}]}') {
  const recorded = surroundings();
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const standardInput = Readable.from([Buffer.from(input)]);
  invokeCommand(program, recorded, { connect: async () => account, standardInput });
  const error = await program
    .parseAsync(['invoke', 'flight-delay', '--env', 'dev', ...words], { from: 'user' })
    .then(() => undefined)
    .catch((thrown: Error) => thrown);
  return { ...recorded, error };
}

describe('invoke', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-invoke-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('sends the standard input and prints the answer alone', async () => {
    const account = new FakeAccount();
    const { lines, notes, error } = await invoke(account, []);
    expect(error).toBeUndefined();
    expect(lines).toEqual(['0.25']);
    expect(notes).toEqual([expect.stringMatching(/^AllTraffic answered with text\/csv in \d+ ms$/)]);
    expect(account.invocations).toEqual([
      expect.objectContaining({
        EndpointName: 'dev-flight-delay',
        ContentType: 'application/json',
        Accept: undefined,
        TargetVariant: undefined,
      }),
    ]);
    expect(Buffer.from(account.invocations[0]?.Body as Uint8Array).toString()).toBe('{"instances":[{}]}');
  });

  test.each([
    ['rows.csv', 'text/csv'],
    ['rows.CSV', 'text/csv'],
    ['rows.json', 'application/json'],
    ['rows', 'application/json'],
  ])('tells the type of %s by its ending', async (name, type) => {
    const account = new FakeAccount();
    const file = join(folder, name);
    writeFileSync(file, 'a,b');
    await invoke(account, ['--body', file]);
    expect(account.invocations[0]).toMatchObject({ ContentType: type });
  });

  test('passes on type, wish and variant', async () => {
    const account = new FakeAccount();
    await invoke(account, ['--content-type', 'text/csv', '--accept', 'text/csv', '--target-variant', 'Challenger']);
    expect(account.invocations[0]).toMatchObject({
      ContentType: 'text/csv',
      Accept: 'text/csv',
      TargetVariant: 'Challenger',
    });
  });

  test('prints one JSON object with --json', async () => {
    const { lines, notes } = await invoke(new FakeAccount(), ['--json']);
    expect(notes).toEqual([]);
    expect(JSON.parse(lines.join(''))).toEqual({
      variant: 'AllTraffic',
      contentType: 'text/csv',
      milliseconds: expect.any(Number),
      body: '0.25\n',
    });
  });

  test.each([
    ['an empty body', [], '', 'standard input: must not be empty'],
    ['a body that is too large', [], Buffer.alloc(LARGEST_BODY + 1), `must be at most ${LARGEST_BODY} bytes`],
    [
      'a file that is not there',
      ['--body', '/nowhere/rows.csv'],
      '',
      "--body: can't be read, got /nowhere/rows.csv (ENOENT)",
    ],
  ] as const)('refuses %s', async (_, words, input, message) => {
    const account = new FakeAccount();
    const { error } = await invoke(account, [...words], input);
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
    expect(error?.message).toContain(message);
    expect(account.invocations).toEqual([]);
  });

  test('takes the largest body', async () => {
    const { error } = await invoke(new FakeAccount(), [], Buffer.alloc(LARGEST_BODY));
    expect(error).toBeUndefined();
  });

  test.each([
    ['ModelError', 'Received client error (400)', EXIT.failed, 'the model refused the request or failed, got'],
    ['ValidationError', 'Endpoint dev-flight-delay not found.', EXIT.invalidInput, "can't be asked, got Endpoint"],
    ['ServiceUnavailable', 'try again', EXIT.failed, 'try again'],
  ])('explains a %s', async (name, message, code, explained) => {
    const account = new FakeAccount();
    account.aws.before = (call) => (call === 'invokeEndpoint' ? fail(name, message)() : Promise.resolve());
    const { error } = await invoke(account, []);
    expect(exitCodeOf(error)).toBe(code);
    expect(error?.message).toContain(explained);
  });
});

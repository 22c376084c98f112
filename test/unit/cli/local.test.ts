import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { localCommands } from '../../../cli/commands/local';
import { stateDirectory } from '../../../cli/state-directory';
import { identify } from '../../../local/container/process-identity';
import { bringUp } from '../../../local/loop/bring-up';
import { surroundings } from './surroundings';

jest.mock('../../../local/loop/bring-up');
const asked = jest.mocked(bringUp);

/** What `mlops local up` asks for. */
async function up(...words: readonly string[]) {
  asked.mockReset();
  asked.mockImplementation(async ({ progress, target }) => {
    for (const title of ['Set up Python', 'Deploy the stacks', 'Start the local AWS', 'Upload the data'] as const)
      await progress.phase(title, async () => undefined);
    const running = { endpoint: 'http://localhost:4566', props: target };
    return { target: running, stacks: [], tracking: Promise.resolve() } as unknown as ReturnType<typeof bringUp>;
  });
  const recorded = surroundings({ MLOPS_STATE_DIR: '/nowhere' });
  const program = new Command().exitOverride();
  localCommands(program, recorded);
  await program.parseAsync(['local', 'up', '--json', ...words], { from: 'user' });
  expect(JSON.parse(recorded.lines.join('\n'))).toEqual({ endpointUrl: 'http://localhost:4566', stacks: [] });
  return asked.mock.calls[0]?.[0];
}

describe('mlops local up', () => {
  test('has steps start as forks unless it is told otherwise', async () => {
    expect(await up()).toMatchObject({ forkServer: true, account: '000000000000', state: { root: '/nowhere' } });
    expect(await up('--no-fork-server')).toMatchObject({ forkServer: false });
  });

  test('ends when the tracking database is made, and fails if that can not be', async () => {
    const fault = new Error('no such migration');
    asked.mockReset();
    asked.mockResolvedValue({ stacks: [], tracking: Promise.reject(fault) } as never);
    const program = new Command().exitOverride();
    localCommands(program, surroundings());
    await expect(program.parseAsync(['local', 'up', '--json'], { from: 'user' })).rejects.toBe(fault);
  });
});

describe('mlops local status and down', () => {
  let state: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'mlops-status-'));
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  const STOPPED = { running: false, endpoint: null, aws: null, sagemaker: null };
  /** Has this process stand for one of the local AWS. */
  const record = (name: string, port: number) => {
    mkdirSync(join(state, 'processes'), { recursive: true });
    const written = { ...identify(process.pid), port, fingerprint: 'f' };
    writeFileSync(join(state, 'processes', `${name}.json`), JSON.stringify(written));
  };
  const printed = async (verb: 'status' | 'down') => {
    const recorded = surroundings({ MLOPS_STATE_DIR: state });
    const program = new Command().exitOverride();
    localCommands(program, recorded);
    await program.parseAsync(['local', verb, '--json'], { from: 'user' });
    return JSON.parse(recorded.lines.join('\n')) as object;
  };

  test('have every field in their JSON when nothing runs', async () => {
    expect(await printed('status')).toEqual(STOPPED);
    expect(await printed('down')).toEqual(STOPPED);
  });

  test('name the processes that run, and are running when both are', async () => {
    const { pid } = process;
    record('aws', 4566);
    const aws = { endpoint: 'http://localhost:4566', aws: { pid, port: 4566 } };
    expect(await printed('status')).toEqual({ ...STOPPED, ...aws });
    record('sagemaker', 4567);
    expect(await printed('status')).toEqual({ running: true, ...aws, sagemaker: { pid, port: 4567 } });
  });

  test('look into the folder of the checkout where MLOPS_STATE_DIR is empty', () => {
    const around = surroundings({ MLOPS_STATE_DIR: '' });
    expect(stateDirectory(around).root).toBe(join(around.repository, '.mlops', 'local'));
    expect(stateDirectory(surroundings()).root).toBe(join(around.repository, '.mlops', 'local'));
    expect(stateDirectory(surroundings({ MLOPS_STATE_DIR: state })).root).toBe(state);
  });
});

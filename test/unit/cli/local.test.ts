import { Command } from 'commander';
import { localCommands } from '../../../cli/commands/local';
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

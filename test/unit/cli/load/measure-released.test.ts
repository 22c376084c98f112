import { withReleasedServer } from '../../../../cli/load/measure-released';
import { choose } from '../../../../cli/model-argument';
import { awsConfig } from '../../../../cli/release/aws-config';
import { type ReleasedServer, startReleasedServer } from '../../../../local/load/released-server';
import { latestExecutionWith } from '../../../../local/loop/execution';
import { readSample } from '../../../../local/loop/outputs';
import { surroundings } from '../surroundings';

jest.mock('../../../../cli/release/aws-config');
jest.mock('../../../../local/load/released-server');
jest.mock('../../../../local/loop/execution');
jest.mock('../../../../local/loop/outputs');

/** The command while its server starts: what ends it, and what the server says. */
async function starting() {
  jest.mocked(awsConfig).mockReturnValue({ endpoint: 'http://localhost:1', region: 'us-east-1' });
  jest.mocked(latestExecutionWith).mockResolvedValue({} as never);
  jest.mocked(readSample).mockResolvedValue({ instances: [{ a: 1 }], labels: [0] });
  const interruptions: (() => Promise<void>)[] = [];
  const around = { ...surroundings(), onInterrupt: (end: () => Promise<void>) => void interruptions.push(end) };
  const chosen = await choose('local', 'flight-delay');
  const close = jest.fn(() => Promise.resolve());
  const settled = await new Promise<{
    started: () => void;
    failed: (error: Error) => void;
    done: Promise<string>;
  }>((begun) => {
    jest.mocked(startReleasedServer).mockImplementation(() => {
      return new Promise<ReleasedServer>((started, failed) => {
        begun({ started: () => started({ close, workers: 1, server: {} as never }), failed, done });
      });
    });
    const done = withReleasedServer(chosen, around, 1, async () => 'measured');
  });
  const interrupt = () => Promise.all(interruptions.map((end) => end()));
  const signal = () => jest.mocked(startReleasedServer).mock.lastCall?.[0].signal;
  return { ...settled, close, interrupt, signal };
}

describe('the released server that is measured', () => {
  test('is ended after the work', async () => {
    const { started, done, close } = await starting();
    started();
    expect(await done).toBe('measured');
    expect(close).toHaveBeenCalledTimes(1);
  });

  test('is ended too if the command is interrupted while it starts', async () => {
    const { started, interrupt, signal, close, done } = await starting();
    const interrupted = interrupt();
    expect(signal()?.aborted).toBe(true);
    started();
    await interrupted;
    expect(close).toHaveBeenCalled();
    await done;
  });

  test('that could not start leaves nothing to end', async () => {
    const { failed, interrupt, close, done } = await starting();
    const interrupted = interrupt();
    failed(new Error('stopped'));
    await expect(done).rejects.toThrow('stopped');
    await interrupted;
    expect(close).not.toHaveBeenCalled();
  });
});

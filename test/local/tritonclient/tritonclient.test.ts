import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../../../local/python/python-environment';
import { endServers, freePort, startServerProcess } from '../../unit/server/server-process';
import { probability } from '../../unit/server/test-model';

const DIRECTORY = resolve(__dirname, '../../../.mlops/python');

afterAll(endServers);

test('the model server answers a client of the protocol that is not ours', async () => {
  mkdirSync(DIRECTORY, { recursive: true });
  const { python } = await ensurePythonEnvironment({
    name: 'test-tritonclient',
    lockFile: join(__dirname, 'requirements.lock'),
    directory: DIRECTORY,
    environment: process.env,
    logFile: join(DIRECTORY, 'test-tritonclient.log'),
  });
  const port = await freePort();
  await startServerProcess({ MODEL_SERVER_GRPC_PORT: String(port) });
  const program = join(__dirname, 'asks_the_server.py');
  const answer = JSON.parse(
    execFileSync(python, [program, String(port)], { encoding: 'utf8', timeout: 150_000 }),
  ) as Answer;
  expect(answer).toMatchObject({
    live: true,
    ready: true,
    server: 'mlops-stack',
    inputs: [
      ['carrier', 'BYTES', [-1, 1]],
      ['hour', 'FP64', [-1, 1]],
      ['temp', 'FP64', [-1, 1]],
    ],
    id: 'mine',
    label: [[1], [0]],
    refused: [
      'StatusCode.INVALID_ARGUMENT',
      expect.stringContaining('row 2, column hour must be a number from 0 to 23'),
    ],
  });
  expect(answer.probability[0]?.[0]).toBeCloseTo(probability('AA', 2), 12);
  expect(answer.probability[1]?.[0]).toBeCloseTo(probability('UA', 0), 12);
}, 300_000);

interface Answer {
  readonly probability: readonly (readonly number[])[];
}

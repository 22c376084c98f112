import cluster from 'node:cluster';
import { EventEmitter } from 'node:events';
import { Registry } from 'prom-client';
import { answerWorkers, clusterExposition, IncompleteError } from '../../../server/metrics/exposition';
import { startApp } from './start-server';

/** A worker that asks its parent, and what the parent makes of the metrics of all. */
function family(clusterMetrics: () => Promise<string>) {
  answerWorkers({ contentType: 'text/plain', clusterMetrics });
  const channel = new EventEmitter();
  const worker = { isConnected: () => true, send: (message: unknown) => channel.emit('message', message) };
  const send = (message: unknown) => cluster.emit('message', worker, message);
  return clusterExposition(new Registry(), { on: (event, listener) => channel.on(event, listener), send });
}

afterEach(() => void cluster.removeAllListeners('message'));

describe('the metrics of several processes', () => {
  test('are the sum that their parent makes', async () => {
    const exposition = family(async () => 'requests 2');
    expect(await exposition()).toEqual({ contentType: 'text/plain', text: 'requests 2' });
  });

  test('are not there once their parent is gone', async () => {
    const gone = {
      on: () => {},
      send: (_: unknown, told: (error: Error | null) => void) => {
        told(new Error('Channel closed'));
        return false;
      },
    };
    await expect(clusterExposition(new Registry(), gone)()).rejects.toThrow(
      "the parent can't be asked, got Channel closed",
    );
  });

  test('are not there, rather than empty, while one of them does not answer', async () => {
    const exposition = family(() => Promise.reject(new Error('Operation timed out.')));
    await expect(exposition()).rejects.toBeInstanceOf(IncompleteError);
    const { app } = startApp({ exposition });
    const { statusCode, body } = await app.inject('/metrics');
    expect([statusCode, body]).toEqual([503, expect.stringContaining('metrics: must be of all processes')]);
    await app.close();
  });
});

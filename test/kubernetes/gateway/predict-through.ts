import { request } from 'node:http';

/** Asks a gateway on the loopback for one prediction. @returns status of the answer; 0 without one */
export function predictThrough(port: number, host: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { host, 'content-type': 'application/json' };
    const sent = request({ host: '127.0.0.1', port, path: '/invocations', method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', () => resolve(0));
    sent.end(JSON.stringify({ instances: [{ x: 150 }] }));
  });
}

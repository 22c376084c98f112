import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { underTraffic } from '../../../performance/data-plane/steady-traffic';
import { eventually } from '../../local/sagemaker/eventually';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function url(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('steady traffic', () => {
  test('counts what comes back as it went, and as lost a wrong status, a wrong body and a broken connection', async () => {
    let asked = 0;
    const at = await url((request, response) => {
      asked += 1;
      if (asked === 2) request.socket.destroy();
      else if (asked === 3) response.end('else');
      else if (asked === 4) response.writeHead(500).end('{"number":3}');
      else request.pipe(response);
    });
    const traffic = await underTraffic(at, 1, () => eventually(() => asked >= 10));
    expect(traffic.lost).toBe(3);
    expect(traffic.answered).toBe(asked - 3);
  });

  test('ends with the work that it accompanies, also where that fails', async () => {
    const at = await url((request, response) => request.pipe(response));
    await expect(underTraffic(at, 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

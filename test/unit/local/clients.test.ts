import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { localClients } from '../../../local/clients';

describe('a client of the local AWS', () => {
  let server: Server;
  let endpoint: string;
  const answers: { status: number; body: string }[] = [];

  beforeAll(async () => {
    server = createServer((_, response) => {
      const { status, body } = answers.shift() ?? { status: 500, body: '{}' };
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  const ask = (url: string) => localClients(url, 'us-east-1').ssm.send(new GetParameterCommand({ Name: '/a' }));

  test('hands answers on', async () => {
    answers.push({ status: 200, body: JSON.stringify({ Parameter: { Value: 'none' } }) });
    expect((await ask(endpoint)).Parameter?.Value).toBe('none');
  });

  test("leaves the service's own errors as they are", async () => {
    answers.push({ status: 400, body: JSON.stringify({ __type: 'ParameterNotFound', message: 'no' }) });
    await expect(ask(endpoint)).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  test('says that the local AWS has ended, and what to do', async () => {
    // Port 1 is reserved, and nothing listens on it.
    await expect(ask('http://127.0.0.1:1')).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:1: the local AWS has ended, got ECONNREFUSED; run the command again/,
    );
  });
});

import { createServer, type Server } from 'node:net';
import { InvalidInputError } from '../../../../core/invalid-input-error';
import { choosePort, isPortFree } from '../../../../local/daemon/choose-port';

function listen(host: string): Promise<{ server: Server; port: number } | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(0, host, () => resolve({ server, port: (server.address() as { port: number }).port }));
  });
}

describe('the choice of a port', () => {
  let taken: { server: Server; port: number };
  beforeEach(async () => {
    taken = (await listen('127.0.0.1')) as typeof taken;
  });
  afterEach(() => void taken.server.close());

  test('takes the wanted one if it is free', async () => {
    const { port } = taken;
    await new Promise((resolve) => taken.server.close(resolve));
    expect(await choosePort({ wanted: port, preferred: [], purpose: 'a test' })).toBe(port);
  });

  test('refuses the wanted one if it is taken, and says what to do', async () => {
    const choice = choosePort({ wanted: taken.port, preferred: [], purpose: 'a test' });
    await expect(choice).rejects.toThrow(InvalidInputError);
    await expect(choice).rejects.toThrow(
      `--port: a test needs a port that is free, got ${taken.port}, on which another program listens; end that program`,
    );
  });

  test('takes the first preferred one that is free, else any', async () => {
    const other = await listen('127.0.0.1');
    if (!other) throw new Error('no port');
    await new Promise((resolve) => other.server.close(resolve));
    expect(await choosePort({ preferred: [taken.port, other.port], purpose: 'a test' })).toBe(other.port);
    const any = await choosePort({ preferred: [taken.port], purpose: 'a test' });
    expect(any).not.toBe(taken.port);
    expect(await isPortFree(any)).toBe(true);
  });

  test('sees a listener on the IPv6 loopback, which localhost may mean', async () => {
    const six = await listen('::1');
    // A machine without IPv6 can't be misled by it.
    if (!six) return;
    expect(await isPortFree(six.port)).toBe(false);
    six.server.close();
  });
});

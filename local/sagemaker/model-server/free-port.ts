import { createServer } from 'node:net';

/** Ports that were given out and perhaps not yet taken: two servers that start together must not get the same one. */
const given = new Set<number>();

/**
 * A port of the loopback that nobody listens on.
 * @returns the port, and what gives it back once the server listens or is gone
 */
export async function reservePort(): Promise<{ readonly port: number; release(): void }> {
  for (;;) {
    const port = await unusedPort();
    if (given.has(port)) continue;
    given.add(port);
    return { port, release: () => given.delete(port) };
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function unusedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

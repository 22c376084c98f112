import { connect, createServer } from 'node:net';
import { InvalidInputError } from '../../core/invalid-input-error';

export interface ChoosePortProps {
  /** The only one that will do, when given. */
  readonly wanted?: number;
  /** Ports to try in turn before any other. */
  readonly preferred: readonly number[];
  /** What the port is for, and how to ask for another: for messages. */
  readonly purpose: string;
}

/**
 * A port of the loopback that nobody listens on.
 * @throws InvalidInputError if the wanted one is taken
 */
export async function choosePort({ wanted, preferred, purpose }: ChoosePortProps): Promise<number> {
  if (wanted !== undefined) {
    if (await isPortFree(wanted)) return wanted;
    throw new InvalidInputError(
      '--port',
      `${purpose} needs a port that is free, got ${wanted}, on which another program listens`,
      'end that program, choose another with --port, or leave the option out',
    );
  }
  for (const port of preferred) if (await isPortFree(port)) return port;
  return anyPort();
}

/** Whether `localhost:port` is nobody's: a listener on the IPv6 loopback alone would get our requests. */
export async function isPortFree(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => somebodyListens(host, port)));
  return !answers.includes(true) && (await listen(port)) !== undefined;
}

function somebodyListens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

async function anyPort(): Promise<number> {
  const port = await listen(0);
  if (port === undefined) throw new Error('127.0.0.1: no port is free, got none; end some programs');
  return port;
}

/** @returns the port, or undefined if it can't be listened on */
function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serverBundle } from '../../../constructs/serving/server-program';
import { modelFolder } from './test-model';

const NODE_MODULES = resolve(__dirname, '../../../node_modules');
const START_MS = 90_000;

export interface ServerProcess {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** What it wrote so far. */
  output(): string;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
}

const running = new Set<{ readonly kill: () => void; readonly directory: string }>();

/** Ends whatever a test left. */
export function endServers(): void {
  for (const { kill, directory } of running) {
    kill();
    rmSync(directory, { recursive: true, force: true });
  }
  running.clear();
}

/** The bundled server as a process, once it answers its first ping or has ended. */
export async function startServerProcess(
  environment: Readonly<Record<string, string>> = {},
  model: Parameters<typeof modelFolder> = [],
): Promise<ServerProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'server-'));
  mkdirSync(join(directory, 'ml'));
  const folder = modelFolder(...model);
  renameSync(folder.directory, join(directory, 'ml', 'model'));
  const program = join(directory, 'main.cjs');
  writeFileSync(program, serverBundle());
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH,
      NODE_PATH: NODE_MODULES,
      SAGEMAKER_BASE_DIR: join(directory, 'ml'),
      SAGEMAKER_BIND_TO_PORT: String(port),
      ...environment,
    },
  });
  running.add({ kill: () => child.kill('SIGKILL'), directory });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let ended = false;
  const exited = once(child, 'close').then(([code]) => {
    ended = true;
    return code as number | null;
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  for (;;) {
    const ready = await fetch(`${url}/ping`, { headers: { connection: 'close' } }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready || ended) break;
    if (Date.now() > deadline) throw new Error(`the server did not start: ${output}`);
    await new Promise((wait) => setTimeout(wait, 25));
  }
  return { port, url, pid: child.pid ?? 0, output: () => output, exited };
}

/** One that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf } from '../../local/load/memory-of';
import { grpcClient } from '../unit/server/grpc-client';
import { endServers, freePort, startServerProcess } from '../unit/server/server-process';
import { growth } from './growth';
import { SOAK_REQUESTS, type SoakRequest } from './soak-requests';

export interface SoakProps {
  readonly seconds: number;
  /** Connections at full load, besides those that are slow or broken. @default 16 */
  readonly connections?: number;
}

export interface SoakResult {
  readonly answers: number;
  /** What came instead of the right answer, and how often. */
  readonly wrong: Readonly<Record<string, number>>;
  readonly memoryMb: number;
  /** Fitted over the time after the warm-up, as a share of the memory. */
  readonly growth: number;
  readonly exitCode: number | null;
}

/** Of the time: caches and pools fill. */
const WARM_UP_SHARE = 0.3;
const SAMPLE_MS = 250;

/** Puts a server under full load with requests of all kinds, good and bad, and watches its memory. */
export async function soak({ seconds, connections = 16 }: SoakProps): Promise<SoakResult> {
  const grpcPort = await freePort();
  const server = await startServerProcess({
    MODEL_SERVER_GRPC_PORT: String(grpcPort),
    MODEL_SERVER_LOG_LEVEL: 'error',
    SAGEMAKER_MAX_PAYLOAD_IN_MB: '1',
  });
  const agent = new Agent({ keepAlive: true });
  const wrong: Record<string, number> = {};
  let answers = 0;
  const note = (fault: string | undefined) => {
    if (fault === undefined) answers += 1;
    else wrong[fault] = (wrong[fault] ?? 0) + 1;
  };
  const end = performance.now() + seconds * 1000;
  const until = async (work: (turn: number) => Promise<void>) => {
    for (let turn = 0; performance.now() < end; turn += 1) await work(turn);
  };
  const client = grpcClient(grpcPort);
  const memory: number[] = [];
  await Promise.all([
    ...Array.from({ length: connections }, (_, offset) =>
      until(async (turn) =>
        note(await ask(server.port, agent, SOAK_REQUESTS[(turn + offset) % SOAK_REQUESTS.length] as SoakRequest)),
      ),
    ),
    until(async () => note(await askGrpc(client))),
    until(async () => note(await halfClosed(server.port))),
    until(async () => breakOff(server.port)),
    until(async () => {
      memory.push((await memoryOf(server.pid)) ?? Number.NaN);
      await delay(SAMPLE_MS);
    }),
  ]);
  agent.destroy();
  client.close();
  process.kill(server.pid, 'SIGTERM');
  const exitCode = await server.exited;
  endServers();
  const measured = memory.slice(Math.floor(memory.length * WARM_UP_SHARE));
  return { answers, wrong, memoryMb: Math.max(...measured) * 1024, growth: growth(measured), exitCode };
}

/** @returns undefined for the right answer */
function ask(port: number, agent: Agent, { path, type, body, status }: SoakRequest): Promise<string | undefined> {
  return new Promise((resolve) => {
    const headers = { 'content-type': type, 'content-length': body.length };
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent }, (answer) => {
      answer.resume();
      answer.once('close', () => {
        const got = answer.complete ? answer.statusCode : 'cut short';
        resolve(got === status ? undefined : `${type} ${path}: ${got} for ${status}`);
      });
    });
    sent.once('error', ({ message }) => resolve(`${type} ${path}: ${message}`));
    sent.end(body);
  });
}

async function askGrpc(client: ReturnType<typeof grpcClient>): Promise<string | undefined> {
  const hour = { name: 'hour', datatype: 'FP64', shape: [1], contents: { fp64_contents: [3] } };
  const carrier = { name: 'carrier', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [Buffer.from('AA')] } };
  try {
    await client.call('ModelInfer', { model_name: 'model', inputs: [carrier, hour] });
    return undefined;
  } catch (error) {
    return `gRPC: ${(error as Error).message}`;
  }
}

const BODY = JSON.stringify({ instances: [{ carrier: 'AA', hour: 2 }] });
const HEAD = `POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${BODY.length}\r\n\r\n`;

/** Says that it has sent all, byte by byte, and waits for the answer. */
function halfClosed(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.once('error', ({ message }) => resolve(`half closed: ${message}`));
    socket.once('close', () =>
      resolve(text.startsWith('HTTP/1.1 200 ') ? undefined : `half closed: ${text.slice(0, 40)}`),
    );
    socket.once('end', () => socket.destroy());
    socket.setNoDelay(true);
    for (const byte of HEAD + BODY) socket.write(byte);
    socket.end();
  });
}

/** Sends a part of a request, keeps the server waiting, and goes away. */
async function breakOff(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(HEAD + BODY.slice(0, 20));
  await delay(50);
  socket.destroy();
}

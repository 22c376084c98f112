import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { choosePort } from '../../../local/daemon/choose-port';
import { memoryOf } from '../../../local/load/memory-of';
import { type BenchPlace, pythonOf } from '../measure/bench-place';
import type { BenchModel } from './bench-model';
import type { Contestant } from './contestant';
import { load } from './load';
import { packageVersions } from './package-versions';
import { processorOf } from './processor-of';
import { type Answer, difference } from './protocol';
import { type ServerProcess, startServer } from './server-process';
import { type BenchResults, CONNECTIONS, ROW_COUNTS, type Runs, type ServerResult, setting } from './server-results';

export interface CheckServersProps {
  readonly place: BenchPlace;
  readonly model: BenchModel;
  /** Ours first: the answers of the others are compared with its. */
  readonly contestants: readonly Contestant[];
}

export interface RunServersProps extends CheckServersProps {
  readonly rounds: number;
  readonly seconds: number;
}

interface Ready extends Contestant {
  readonly python: string;
}

const WARM_UP_SECONDS = 1;
const MICROSECONDS = 1e6;

/**
 * Checks that all answer alike, then measures one after another, and again, so that the machine's noise hits all of
 * them.
 * @throws Error if one can't be installed or started, or answers something else
 */
export async function runServers(props: RunServersProps): Promise<BenchResults> {
  const { place, model, rounds, seconds } = props;
  const ready = await checkServers(props);
  const servers = new Map<string, Growing>();
  const loop: Record<string, number[]> = {};
  for (let round = 1; round <= rounds; round += 1) {
    for (const one of ready) {
      place.say(`round ${round} of ${rounds}: ${one.title}`);
      const found = servers.get(one.id) ?? begin(place, one);
      servers.set(one.id, found);
      await measure(props, one, found);
    }
    place.say(`round ${round} of ${rounds}: onnxruntime alone`);
    for (const rows of ROW_COUNTS) (loop[rows] ??= []).push(callLoop(model.base, rows, seconds));
  }
  return { rounds, seconds, servers: [...servers.values()], loop };
}

type Growing = Omit<ServerResult, 'startSeconds' | 'memoryMb' | 'runs'> & {
  readonly startSeconds: number[];
  readonly memoryMb: number[];
  readonly runs: Record<string, GrowingRuns>;
};

type GrowingRuns = { readonly [figure in keyof Runs]: number[] };

function begin({ root }: BenchPlace, one: Contestant): Growing {
  const { id, title, predicts } = one;
  return { id, title, predicts, versions: packageVersions(root, one), startSeconds: [], memoryMb: [], runs: {} };
}

/**
 * Installs all, and has each answer the same rows.
 * @throws Error as {@link runServers}
 */
export async function checkServers({ place, model, contestants }: CheckServersProps): Promise<readonly Ready[]> {
  const ready: Ready[] = [];
  for (const one of contestants) {
    ready.push({ ...one, python: one.lock ? await pythonOf(place, one.lock) : '' });
  }
  const expected = new Map<number, readonly Answer[]>();
  for (const one of ready) {
    place.say(`checking the answers of ${one.title}`);
    await withServer(place, model, one, async ({ url }) => {
      for (const rows of ROW_COUNTS) {
        const answers = await ask(one, url, one.protocol.body(model, rows), rows);
        const first = expected.get(rows) ?? answers;
        expected.set(rows, first);
        const wrong = one.predicts ? difference(first, answers) : undefined;
        if (wrong)
          throw new Error(`${one.title}: ${wrong}; equal work is needed, so mend it or leave it out by --only`);
      }
    });
  }
  return ready;
}

async function ask(one: Contestant, url: string, body: string, rows: number): Promise<readonly Answer[]> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${one.title}: must answer ${rows} rows, got ${answer.status} ${text.slice(0, 300)}; mend it`);
  }
  if (one.predicts) return one.protocol.read(text);
  if (text !== body) throw new Error(`${one.title}: must send the body back, got ${text.slice(0, 100)}; mend it`);
  return [];
}

async function measure({ place, model, seconds }: RunServersProps, one: Ready, found: Growing): Promise<void> {
  await withServer(place, model, one, async ({ url, server }) => {
    found.startSeconds.push(server.startMs / 1000);
    for (const rows of ROW_COUNTS) {
      await load({ url, body: one.protocol.body(model, rows), connections: 32, seconds: WARM_UP_SECONDS });
    }
    let most = 0;
    for (const rows of ROW_COUNTS) {
      const body = one.protocol.body(model, rows);
      for (const connections of CONNECTIONS) {
        const before = processorOf(server.pid);
        const result = await load({ url, body, connections, seconds });
        const after = processorOf(server.pid);
        const runs = (found.runs[setting(rows, connections)] ??= noRuns());
        for (const figure of ['perSecond', 'p50', 'p99', 'failed'] as const) runs[figure].push(result[figure]);
        if (before !== undefined && after !== undefined && result.answers > 0) {
          runs.processorUs.push(((after - before) * MICROSECONDS) / result.answers);
        }
        most = Math.max(most, ((await memoryOf(server.pid)) ?? 0) * 1024);
      }
    }
    if (most > 0) found.memoryMb.push(most);
  });
}

function noRuns(): GrowingRuns {
  return { perSecond: [], p50: [], p99: [], failed: [], processorUs: [] };
}

async function withServer(
  { root, directory }: BenchPlace,
  model: BenchModel,
  one: Ready,
  work: (running: { readonly url: string; readonly server: ServerProcess }) => Promise<void>,
): Promise<void> {
  const folder = join(directory, 'servers', `${one.id}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const port = await choosePort({ preferred: [], purpose: one.title });
    const launch = one.launch({ root, model, folder, port, python: one.python });
    const base = `http://127.0.0.1:${port}`;
    const server = await startServer(launch, `${base}${one.ready}`, join(directory, `${one.id}.log`));
    try {
      await work({ url: `${base}${one.protocol.path}`, server });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function callLoop(base: string, rows: number, seconds: number): number {
  const args = ['--import', 'tsx', join(__dirname, 'onnx-loop.ts'), base, String(rows), String(seconds)];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

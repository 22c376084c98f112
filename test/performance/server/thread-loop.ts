/**
 * Whether the model is better off in a thread of its own: requests of 100 rows are read, predicted and written without
 * HTTP, by turns with the model in the event loop, as in our server, and in a worker thread with two requests under way.
 * Prints requests a second and the processor time of one, which is what counts where each core has a process.
 *
 *   npx tsx test/performance/server/thread-loop.ts FOLDER [ROUNDS]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { writeAnswer } from '../../../server/answer/write-answer';
import { JSON_TYPE } from '../../../server/media-types';
import { loadOnnxModel, type Model } from '../../../server/model/onnx-model';
import type { Prediction } from '../../../server/model/prediction';
import { readBody } from '../../../server/request/read-body';
import type { Table } from '../../../server/rows/table';
import { spread } from '../measure/figures';
import { summary } from '../measure/sample';

const ROWS = 100;
const WARM_UP_REQUESTS = 300;
const ROUND_MS = 1000;
/** The one is read or written while the other is predicted. */
const UNDER_WAY = 2;

type Predict = (table: Table) => Promise<Prediction>;

interface Round {
  readonly perSecond: number;
  readonly processorMs: number;
}

async function inThread(): Promise<void> {
  const model = await loadOnnxModel(workerData as string);
  parentPort?.on('message', (table: Table) => {
    void model.predict(table).then((prediction) => parentPort?.postMessage(prediction, []));
  });
  parentPort?.postMessage('ready', []);
}

async function threadOf(folder: string): Promise<{ readonly predict: Predict; end(): Promise<number> }> {
  // Node 20 doesn't hand tsx on to its threads.
  const start = `require('tsx/cjs'); require(${JSON.stringify(__filename)});`;
  const worker = new Worker(start, { eval: true, workerData: folder });
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  // Answers come in the order of the questions.
  const waiting: ((prediction: Prediction) => void)[] = [];
  worker.on('message', (prediction: Prediction) => waiting.shift()?.(prediction));
  const predict: Predict = (table) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      worker.postMessage(table, []);
    });
  return { predict, end: () => worker.terminate() };
}

async function serve(model: Model, body: Buffer, predict: Predict, until: () => boolean): Promise<number> {
  let answers = 0;
  const one = async () => {
    while (!until()) {
      writeAnswer(await predict(await readBody(body, JSON_TYPE, model.columns, {})), JSON_TYPE);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, one));
  return answers;
}

async function measured(model: Model, body: Buffer, predict: Predict): Promise<Round> {
  const before = process.cpuUsage();
  const begun = performance.now();
  const answers = await serve(model, body, predict, () => performance.now() - begun > ROUND_MS);
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (answers * 1000) / (performance.now() - begun), processorMs: (user + system) / 1000 / answers };
}

async function main([base = '', rounds = '15']: readonly string[]): Promise<void> {
  const folder = join(base, 'model');
  const model = await loadOnnxModel(folder);
  const rows = JSON.parse(readFileSync(join(base, 'rows.json'), 'utf8')) as readonly object[];
  const body = Buffer.from(JSON.stringify({ instances: rows.slice(0, ROWS) }));
  const thread = await threadOf(folder);
  const places: Readonly<Record<string, Predict>> = {
    'in the event loop': (table) => model.predict(table),
    'in a thread': thread.predict,
  };
  const found: Record<string, Round[]> = {};
  for (const predict of Object.values(places)) {
    let left = WARM_UP_REQUESTS;
    await serve(model, body, predict, () => (left -= 1) < 0);
  }
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const [place, predict] of Object.entries(places))
      (found[place] ??= []).push(await measured(model, body, predict));
  }
  for (const [place, all] of Object.entries(found)) {
    const perSecond = spread(summary(all.map((one) => one.perSecond)));
    const milliseconds = spread(summary(all.map((one) => one.processorMs)));
    console.log(`${place}: ${perSecond} requests a second, ${milliseconds} ms of a processor each`);
  }
  await thread.end();
}

void (isMainThread ? main(process.argv.slice(2)) : inThread());

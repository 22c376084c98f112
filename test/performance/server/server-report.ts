import { figure, markdownTable, spread, times } from '../measure/figures';
import { quantile, ratios, type Summary, summary } from '../measure/sample';
import { type BenchResults, CONNECTIONS, ROW_COUNTS, type ServerResult, setting } from './server-results';

/** The tables of a run, in Markdown. Ratios are of ours to the other, round by round. */
export function serverReport(results: BenchResults): string {
  const { rounds, seconds } = results;
  const figures =
    `Median of ${rounds} rounds of ${seconds} s, and in brackets the least and the most. "ours ÷" is how many times as ` +
    'many requests the TypeScript server answers. "processor" is what all processes of the server used for an answer.';
  const parts = ROW_COUNTS.flatMap((rows) =>
    CONNECTIONS.map((connections) => {
      const title = `${rows === 1 ? 'One row' : `${rows} rows`} a request, ${connections === 1 ? 'one connection' : `${connections} connections`}`;
      return `### ${title}\n\n${loadTable(results, setting(rows, connections))}`;
    }),
  );
  return [figures, `### Goals\n\n${goals(results)}`, ...parts, `### Start and memory\n\n${startTable(results)}`].join(
    '\n\n',
  );
}

function loadTable({ servers: [ours, ...others] }: BenchResults, key: string): string {
  const all = ours ? [ours, ...others] : [];
  return markdownTable(
    ['server', 'requests a second', 'ours ÷', 'p50, ms', 'p99, ms', 'processor, µs', 'failed'],
    all.map((server) => {
      const { perSecond = [], p50 = [], p99 = [], failed = [], processorUs = [] } = server.runs[key] ?? {};
      const ratio = ours === server || !ours ? '' : ratioText(ours, server, key);
      const lacking = perSecond.filter((answers) => answers === 0).length;
      return [
        server.title,
        lacking > 0 ? `no answer in ${lacking} of ${perSecond.length} rounds` : spread(summary(perSecond)),
        ratio,
        lacking > 0 ? '–' : spread(summary(p50)),
        lacking > 0 ? '–' : spread(summary(p99)),
        lacking > 0 || processorUs.length === 0 ? '–' : spread(summary(processorUs)),
        String(failed.reduce((sum, count) => sum + count, 0)),
      ];
    }),
  );
}

/** A server that answered nothing in a round has no ratio. */
function ratioText(ours: ServerResult, other: ServerResult, key: string): string {
  const both = [ours, other].map(({ runs }) => runs[key]?.perSecond ?? []) as [readonly number[], readonly number[]];
  return both.flat().includes(0) ? '–' : times(ratios(...both));
}

function startTable({ servers }: BenchResults): string {
  return markdownTable(
    ['server', 'start, s', 'memory, MB', 'versions'],
    servers.map(({ title, startSeconds, memoryMb, versions }) => [
      title,
      spread(summary(startSeconds)),
      memoryMb.length === 0 ? '–' : spread(summary(memoryMb)),
      versions,
    ]),
  );
}

const GOAL_CONNECTIONS = 32;
const LEAST_OF_BEST_PEER = 2;
const MOST_OF_BARE = 1.5;

function goals(results: BenchResults): string {
  return ROW_COUNTS.flatMap((rows) => {
    const what = `${rows} row${rows === 1 ? '' : 's'}, ${GOAL_CONNECTIONS} connections`;
    const best = bestPeer(results, rows);
    const bare = shareOfBare(results, rows);
    const floor = sharedFloor(results, rows);
    return [
      ...(best
        ? [
            `- ${what}: ${times(best.ratio)} the best peer (${best.title}); the goal of ${LEAST_OF_BEST_PEER}× is ${best.ratio.median >= LEAST_OF_BEST_PEER ? 'met' : 'missed'}.`,
          ]
        : []),
      ...(bare
        ? [
            `- ${what}: a request takes ${times(bare)} the time of an onnxruntime call and an HTTP echo added up; the goal of ${MOST_OF_BARE}× at most is ${bare.median <= MOST_OF_BARE ? 'met' : 'missed'}. Alone, onnxruntime makes ${spread(summary(results.loop[rows] ?? []))} such calls a second.`,
          ]
        : []),
      ...(best && floor ? [floorLine(what, best, floor)] : []),
    ];
  }).join('\n');
}

/** What a goal of twice the best peer asks of one process of Node. */
function floorLine(what: string, { title, perSecond }: BestPeer, floor: Summary): string {
  const twice = LEAST_OF_BEST_PEER * perSecond;
  return (
    `- ${what}: the faster HTTP echo and the rows' share of a call of ${SHARED_ROWS} rows added up would make ` +
    `${spread(floor)} requests a second in one process of Node, reading and validation left out. The best peer (${title}) makes ` +
    `${figure(perSecond)}, ${(perSecond / floor.median).toFixed(2)}× of it; ${LEAST_OF_BEST_PEER}× the best peer would be ` +
    `${figure(twice)}, ${(twice / floor.median).toFixed(2)}× of it.`
  );
}

/** Rows that share a call of the model where requests wait for each other. */
const SHARED_ROWS = 100;

/**
 * Requests a second of the faster echo and, for each row, its share of a call of many: what one process of Node can come
 * near to where requests are predicted together.
 */
export function sharedFloor({ servers, loop }: BenchResults, rows: number): Summary | undefined {
  const key = setting(rows, GOAL_CONNECTIONS);
  const echoes = servers.flatMap(({ id, runs }) => (id.startsWith('echo') && runs[key] ? [runs[key].perSecond] : []));
  const calls = loop[SHARED_ROWS];
  if (echoes.length === 0 || !calls || echoes.flat().includes(0)) return undefined;
  return summary(
    calls.map((shared, round) => {
      const echo = Math.max(...echoes.map((one) => one[round] ?? Number.NaN));
      return 1 / (1 / echo + rows / SHARED_ROWS / shared);
    }),
  );
}

export interface BestPeer {
  readonly title: string;
  /** Its median. */
  readonly perSecond: number;
  /** What ours is of it. */
  readonly ratio: Summary;
}

/** The one with the highest median, and what ours is of it; our own Python server is no peer. */
export function bestPeer({ servers: [ours, ...others] }: BenchResults, rows: number): BestPeer | undefined {
  const key = setting(rows, GOAL_CONNECTIONS);
  const median = (server: ServerResult) => quantile(server.runs[key]?.perSecond ?? [], 0.5);
  const [best] = others
    .filter(({ id, predicts }) => predicts && id !== 'python')
    .filter((server) => !(server.runs[key]?.perSecond ?? [0]).includes(0))
    .toSorted((a, b) => median(b) - median(a));
  const answers = ours?.runs[key]?.perSecond ?? [0];
  if (!best || answers.includes(0)) return undefined;
  return { title: best.title, perSecond: median(best), ratio: ratios(answers, best.runs[key]?.perSecond ?? []) };
}

/** Seconds a request of ours, to those of a call of the model and of an echo together. */
export function shareOfBare({ servers, loop }: BenchResults, rows: number): Summary | undefined {
  const key = setting(rows, GOAL_CONNECTIONS);
  const ours = servers[0]?.runs[key]?.perSecond;
  const echo = servers.find(({ id }) => id === 'echo')?.runs[key]?.perSecond;
  const calls = loop[rows];
  if (!ours || !echo || !calls || ours.includes(0)) return undefined;
  return ratios(
    ours.map((perSecond) => 1 / perSecond),
    echo.map((perSecond, round) => 1 / perSecond + 1 / (calls[round] ?? Number.NaN)),
  );
}

import { markdownTable, spread } from '../measure/figures';
import { summary } from '../measure/sample';

export const CONNECTIONS = [1, 32] as const;

/** Milliseconds of a round at one number of connections. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** A pair a round: the same load on both, one right after the other. */
export interface Compared {
  readonly direct: readonly Latency[];
  readonly routed: readonly Latency[];
}

export interface DataPlaneResults {
  readonly byConnections: Readonly<Record<number, Compared>>;
  readonly shifts: { readonly wanted: number; readonly done: number; readonly answered: number; readonly lost: number };
}

/** What the router adds, round by round. @throws RangeError if a round isn't a pair */
export function added({ direct, routed }: Compared, figure: keyof Latency): readonly number[] {
  if (direct.length !== routed.length)
    throw new RangeError(`added: needs a pair a round, got ${direct.length} and ${routed.length}; run both`);
  return routed.map((latency, round) => latency[figure] - (direct[round]?.[figure] ?? Number.NaN));
}

/** The tables of a run, in Markdown. */
export function dataPlaneReport({ byConnections, shifts }: DataPlaneResults): string {
  const { wanted, done, answered, lost } = shifts;
  const verdict = done === wanted && answered > 0 && lost === 0 ? 'met' : 'missed';
  const count = (value: number) => value.toLocaleString('en-GB');
  const rows = Object.entries(byConnections).flatMap(([connections, compared]) =>
    (['p50', 'p99'] as const).map((figure) => [
      `${connections} connection${connections === '1' ? '' : 's'}, ${figure}`,
      spread(summary(compared.direct.map((latency) => latency[figure]))),
      spread(summary(compared.routed.map((latency) => latency[figure]))),
      spread(summary(added(compared, figure))),
    ]),
  );
  return [
    `- ${done} of ${wanted} shifts were done under steady traffic: ${count(answered)} requests answered, ${count(lost)} lost; the goal of none lost in ${wanted} shifts is ${verdict}.`,
    `### Latency, ms\n\n${markdownTable(['load', 'model server', 'through the router', 'added'], rows)}`,
  ].join('\n\n');
}

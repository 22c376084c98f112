import type { Estimate } from '../../../core/evaluation';
import type { VersionFacts } from './version-facts';

/** One fact of two versions. */
export interface FactLine {
  readonly fact: string;
  /** Null says that it wasn't recorded. */
  readonly from: string | null;
  readonly to: string | null;
  readonly changed: boolean;
}

export interface MetricLine {
  readonly metric: string;
  readonly from: Estimate | null;
  readonly to: Estimate | null;
  /** Null where one of both wasn't measured. */
  readonly change: number | null;
  /** Whether the intervals share a value: the difference may then be chance. */
  readonly overlaps: boolean | null;
}

/** What `mlops release diff --json` prints besides both versions. */
export interface Comparison {
  readonly metrics: readonly MetricLine[];
  readonly facts: readonly FactLine[];
  readonly hyperparameters: readonly FactLine[];
  /** Why the metrics can't be compared, where they can't. */
  readonly caution: string | null;
}

/** Two versions side by side. */
export function compareVersions(from: VersionFacts, to: VersionFacts): Comparison {
  const metricsOf = ({ evaluation }: VersionFacts) => evaluation?.metrics ?? {};
  return {
    metrics: union(metricsOf(from), metricsOf(to)).map((metric) =>
      compareMetric(metric, metricsOf(from)[metric] ?? null, metricsOf(to)[metric] ?? null),
    ),
    facts: FACTS.map(([fact, read]) => line(fact, read(from), read(to))),
    hyperparameters: union(from.hyperparameters ?? {}, to.hyperparameters ?? {}).map((name) =>
      line(name, from.hyperparameters?.[name] ?? null, to.hyperparameters?.[name] ?? null),
    ),
    caution: caution(from, to),
  };
}

const FACTS: readonly (readonly [string, (version: VersionFacts) => string | null])[] = [
  ['approval', ({ approval }) => approval],
  ['registered', ({ registeredAt }) => registeredAt],
  ['commit', ({ commit }) => commit],
  ['data sha256', ({ dataSha256 }) => dataSha256],
  ['model sha256', ({ modelSha256 }) => modelSha256],
  ['artefact', ({ artefact }) => artefact],
  ['image', ({ image }) => image],
  ['held-out rows', ({ evaluation }) => (evaluation ? String(evaluation.rows) : null)],
];

function line(fact: string, from: string | null, to: string | null): FactLine {
  return { fact, from, to, changed: from !== to };
}

function compareMetric(metric: string, from: Estimate | null, to: Estimate | null): MetricLine {
  if (!from || !to) return { metric, from, to, change: null, overlaps: null };
  return { metric, from, to, change: to.value - from.value, overlaps: from.low <= to.high && to.low <= from.high };
}

function caution(from: VersionFacts, to: VersionFacts): string | null {
  const missing = [from, to].filter(({ evaluation }) => !evaluation).map(({ version }) => version);
  if (missing.length > 0) return `no evaluation of version ${missing.join(' and ')}`;
  if (from.dataSha256 !== to.dataSha256) return 'the metrics were measured on different data';
  return null;
}

function union(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

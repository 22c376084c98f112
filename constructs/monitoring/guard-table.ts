import { ComparisonOperator, type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CustomMetric, Guards } from '../../config/guards';
import { coresOf } from './cores-of';
import { endpointMetrics, PERIOD, type VariantIdentity } from './endpoint-metrics';

/** Peaks of a minute are normal: a start, a garbage collection. */
const UTILISATION_MINUTES = 3;
/** AWS states no bound for when captured requests reach S3; a file is minutes late, and then it has to be compared. */
const CAPTURE_MINUTES = 5;

export interface Guard {
  /** Of the alarm's construct, so it never changes. */
  readonly id: string;
  /** Where in the guards it is set. */
  readonly setting: string;
  readonly description: string;
  readonly metric: IMetric;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  /** Minutes in a row that are beyond the threshold. */
  readonly minutes: number;
  /** Minutes that pass before what happens shows in the metric. */
  readonly delayMinutes: number;
  /** Over the metrics beside it: 1 if the guard can't judge the minute, else 0. */
  readonly blind: { readonly expression: string; readonly metrics: Readonly<Record<string, IMetric>> };
  /** What a value rests on: an id among the metrics, and how many it takes. @default - it needs none */
  readonly samples?: { readonly query: string; readonly minimum: number };
}

export interface GuardTableProps extends VariantIdentity {
  readonly guards: Guards;
  readonly instanceType?: string;
}

/** Every guard that is on, a row each. A guard that can't judge a minute doesn't go off in it. */
export function guardTable({ guards, instanceType, ...variant }: GuardTableProps): Guard[] {
  const { minimumRequests, predictionShift: prediction } = guards;
  const metrics = endpointMetrics(variant);
  const { requests } = metrics;
  const samples = { query: 'requests', minimum: minimumRequests };
  const tooFew = { expression: `IF(FILL(requests, 0) >= ${minimumRequests}, 0, 1)`, metrics: { requests } };

  const rate = (id: string, setting: keyof Guards, kind: string, errors: IMetric, limit: number | null | undefined) =>
    row(limit, (threshold) => ({
      id,
      setting,
      threshold,
      description: `more than ${threshold} % of the requests of a minute were answered with a ${kind}`,
      metric: math(id, `IF(requests >= ${minimumRequests}, 100 * FILL(errors, 0) / requests, 0)`, { requests, errors }),
      blind: tooFew,
      samples,
    }));
  const latency = (
    id: string,
    setting: keyof Guards,
    percentile: number,
    name: 'ModelLatency' | 'OverheadLatency',
    limit: number | null | undefined,
  ) =>
    row(limit, (threshold) => ({
      id,
      setting,
      threshold,
      description: `the ${percentile}th percentile of ${name} was above ${threshold} ms`,
      metric: math(id, `IF(requests >= ${minimumRequests}, latency / 1000, 0)`, {
        requests,
        latency: metrics.latency(name, percentile),
      }),
      blind: tooFew,
      samples,
    }));
  const utilisation = (
    id: string,
    setting: keyof Guards,
    what: string,
    source: IMetric,
    limit: number | null | undefined,
    metric = source,
  ) =>
    row(limit, (threshold) => ({
      id,
      setting,
      threshold,
      description: `an instance used more than ${threshold} % of its ${what} for ${UTILISATION_MINUTES} minutes`,
      metric,
      minutes: UTILISATION_MINUTES,
      blind: missing(setting, source),
    }));
  const { cpu, memory, disk } = metrics;
  const ofAllCores = math('Cpu', `cpu / ${coresOf(instanceType ?? '')}`, { cpu });

  return [
    ...rate('ErrorRate', 'errorRatePercent', '5xx', metrics.serverErrors, guards.errorRatePercent),
    ...rate('ClientErrorRate', 'clientErrorRatePercent', '4xx', metrics.clientErrors, guards.clientErrorRatePercent),
    ...latency('Latency', 'p99LatencyMs', 99, 'ModelLatency', guards.p99LatencyMs),
    ...latency('MedianLatency', 'p50LatencyMs', 50, 'ModelLatency', guards.p50LatencyMs),
    ...latency('Overhead', 'p99OverheadLatencyMs', 99, 'OverheadLatency', guards.p99OverheadLatencyMs),
    ...latency('MedianOverhead', 'p50OverheadLatencyMs', 50, 'OverheadLatency', guards.p50OverheadLatencyMs),
    ...utilisation('Cpu', 'cpuPercent', 'cores', cpu, guards.cpuPercent, ofAllCores),
    ...utilisation('Memory', 'memoryPercent', 'memory', memory, guards.memoryPercent),
    ...utilisation('Disk', 'diskPercent', 'disk', disk, guards.diskPercent),
    ...row(prediction?.maximumShift, (threshold) => {
      const { predictionShift: shift, predictionShiftSamples: captured } = metrics;
      const least = prediction?.minimumSamples ?? 0;
      return {
        id: 'PredictionShift',
        setting: 'predictionShift',
        threshold,
        description: `the predictions of the new release differ from the old one's by more than ${threshold} of 1`,
        metric: math('PredictionShift', `IF(samples >= ${least}, shift, 0)`, { samples: captured, shift }),
        delayMinutes: CAPTURE_MINUTES - 1,
        blind: { expression: `IF(FILL(samples, 0) >= ${least}, 0, 1)`, metrics: { samples: captured } },
        samples: { query: 'samples', minimum: least },
      };
    }),
    ...guards.custom.map((custom, index) => customGuard(custom, index, variant)),
  ];
}

type Row = Omit<Guard, 'comparison' | 'minutes' | 'delayMinutes'> & Partial<Guard>;

function row(limit: number | null | undefined, make: (threshold: number) => Row): Guard[] {
  // 0 is a limit like any other.
  if (limit === null || limit === undefined) return [];
  return [{ comparison: ComparisonOperator.GREATER_THAN_THRESHOLD, minutes: 1, delayMinutes: 0, ...make(limit) }];
}

function customGuard(custom: CustomMetric, index: number, { endpointName, variantName }: VariantIdentity): Guard {
  const fill = (value: string) =>
    value.replaceAll('{endpointName}', endpointName).replaceAll('{variantName}', variantName);
  const metric = new Metric({
    namespace: custom.namespace,
    metricName: custom.metricName,
    statistic: custom.statistic,
    period: PERIOD,
    dimensionsMap: Object.fromEntries(
      Object.entries(custom.dimensions).map(([name, value]) => [name, fill(value)] as const),
    ),
  });
  const { threshold, minutes } = custom;
  const comparison = COMPARISONS[custom.comparison];
  return {
    id: `Custom${custom.name}`,
    setting: `custom.${index}`,
    description: `${custom.statistic} of ${custom.metricName} in ${custom.namespace} was beyond ${threshold} for ${minutes} minutes`,
    metric,
    comparison,
    threshold,
    minutes,
    delayMinutes: 0,
    blind: missing(`custom${index}`, metric),
  };
}

const COMPARISONS: Readonly<Record<CustomMetric['comparison'], ComparisonOperator>> = {
  GreaterThanThreshold: ComparisonOperator.GREATER_THAN_THRESHOLD,
  GreaterThanOrEqualToThreshold: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  LessThanThreshold: ComparisonOperator.LESS_THAN_THRESHOLD,
  LessThanOrEqualToThreshold: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
};

/** Any value becomes 0, so that a 1 is no value. */
function missing(id: string, metric: IMetric): Guard['blind'] {
  return { expression: `FILL(${id} * 0, 1)`, metrics: { [id]: metric } };
}

function math(label: string, expression: string, usingMetrics: Record<string, IMetric>): MathExpression {
  return new MathExpression({ label, expression, usingMetrics, period: PERIOD });
}

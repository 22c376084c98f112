import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Guards } from '../../config/rollout';
import { Faults } from '../../core/faults';
import { InvalidInputError } from '../../core/invalid-input-error';
import { PRODUCTION_VARIANT } from '../../core/names';

/** CloudWatch has SageMaker's invocation metrics by the minute. */
const PERIOD = Duration.minutes(1);

export interface RollbackAlarmsProps {
  /** The alarms exist before the endpoint and while there is none: the name is all that they know of it. */
  readonly endpointName: string;
  readonly guards: Guards;
  /** How long one step of a rollout is watched. */
  readonly watch: Duration;
  /** Hears of every alarm. @default - nobody */
  readonly action?: IAlarmAction;
}

/** One guard as data. The expression is over `requests`, `errors` and `latency`. */
interface Guard {
  readonly id: string;
  readonly description: string;
  readonly expression: string;
  readonly metrics: readonly (keyof ReturnType<typeof invocationMetrics>)[];
  readonly threshold: number;
  /** Minutes in a row above the threshold. */
  readonly minutes: number;
}

/**
 * What has to stay quiet while a release takes over.
 *
 * SageMaker's invocation metrics count both fleets together, so an error of the old fleet trips them too: a release
 * that arrives while its predecessor is failing goes back. Too few requests, or none at all, say nothing about a
 * release, and an alarm that can't judge doesn't go off (`notBreaching`): a quiet night must not undo a good release.
 */
export class RollbackAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  /** @throws InvalidInputError if a guard is out of range, or needs longer than a step is watched */
  constructor(scope: Construct, id: string, props: RollbackAlarmsProps) {
    super(scope, id);
    checkGuards(this.node.path, props.guards);
    const available = invocationMetrics(props.endpointName);
    this.alarms = guardsOf(props.guards).map((guard) => {
      this.checkWatch(guard, props.watch);
      const alarm = new Alarm(this, guard.id, {
        alarmDescription: `${props.endpointName}: ${guard.description}`,
        metric: new MathExpression({
          expression: guard.expression,
          label: guard.id,
          period: PERIOD,
          usingMetrics: Object.fromEntries(guard.metrics.map((name) => [name, available[name]])),
        }),
        threshold: guard.threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: guard.minutes,
        datapointsToAlarm: guard.minutes,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (props.action) alarm.addAlarmAction(props.action);
      return alarm;
    });
  }

  private checkWatch({ id, minutes }: Guard, watch: Duration): void {
    const needed = minutes * PERIOD.toSeconds();
    if (needed <= watch.toSeconds()) return;
    throw new InvalidInputError(
      `${this.node.path}.watch`,
      `${id} needs ${needed} seconds to go off, got a step of ${watch.toSeconds()} seconds`,
      'watch each step for longer',
    );
  }
}

function guardsOf({ errorRatePercent, p99LatencyMs, minimumRequests }: Guards): Guard[] {
  return [
    {
      id: 'ErrorRate',
      description: `more than ${errorRatePercent} % of the requests of a minute were answered with a 5xx`,
      expression: `IF(requests >= ${minimumRequests}, 100 * FILL(errors, 0) / requests, 0)`,
      metrics: ['requests', 'errors'],
      threshold: errorRatePercent,
      minutes: 1,
    },
    {
      id: 'Latency',
      description: `the 99th percentile of the model's latency was above ${p99LatencyMs} ms`,
      expression: `IF(requests >= ${minimumRequests}, latency / 1000, 0)`,
      metrics: ['requests', 'latency'],
      threshold: p99LatencyMs,
      minutes: 1,
    },
  ];
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html#cloudwatch-metrics-endpoint-invocation */
function invocationMetrics(endpointName: string): Record<'requests' | 'errors' | 'latency', IMetric> {
  const metric = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/SageMaker',
      metricName,
      statistic,
      period: PERIOD,
      dimensionsMap: { EndpointName: endpointName, VariantName: PRODUCTION_VARIANT },
    });
  return {
    requests: metric('Invocations', 'Sum'),
    errors: metric('Invocation5XXErrors', 'Sum'),
    // In microseconds.
    latency: metric('ModelLatency', 'p99'),
  };
}

function checkGuards(path: string, { errorRatePercent, p99LatencyMs, minimumRequests }: Guards): void {
  const faults = new Faults();
  const at = (guard: string) => `${path}.guards.${guard}`;
  const requireAboveZero = (where: string, value: number, max: number, fix: string) => {
    if (!(value > 0 && value <= max)) faults.add(where, `must be above 0 and at most ${max}, got ${value}`, fix);
  };
  requireAboveZero(at('errorRatePercent'), errorRatePercent, 100, 'give a percentage of the requests');
  requireAboveZero(at('p99LatencyMs'), p99LatencyMs, 60_000, 'SageMaker itself cuts off after a minute');
  if (!(Number.isInteger(minimumRequests) && minimumRequests >= 1)) {
    faults.add(
      at('minimumRequests'),
      `must be a whole number from 1, got ${minimumRequests}`,
      'no rate without requests',
    );
  }
  faults.throwIfAny(path);
}

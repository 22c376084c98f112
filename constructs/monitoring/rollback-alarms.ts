import type { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Guards } from '../../config/guards';
import type { WhenInconclusive } from '../../config/rollout';
import { Faults } from '../../core/faults';
import { PRODUCTION_VARIANT } from '../../core/names';
import type { WatchedGuards } from '../../core/release/guards/watched-guards';
import { checkBounds, checkCount, checkMetricCount, checkTime } from './check-guards';
import { PERIOD, type VariantIdentity } from './endpoint-metrics';
import { type Guard, guardTable } from './guard-table';

export interface RollbackAlarmsProps extends Omit<VariantIdentity, 'variantName'> {
  /** The alarms exist before the endpoint and while there is none: the name is all that they know of it. */
  readonly endpointName: string;
  /** @default 'AllTraffic' */
  readonly variantName?: string;
  /** CPUUtilization is in percent of one core, so cpuPercent takes their number. @default - there are no instances */
  readonly instanceType?: string;
  readonly guards: Guards;
  /** @default 'proceed' */
  readonly whenInconclusive?: WhenInconclusive;
  /** How long one step of a rollout is watched. @default - there is no step: the alarms only tell people */
  readonly watch?: Duration;
  /** Hears of every guard that goes off, not of an inconclusive step. @default - nobody */
  readonly action?: IAlarmAction;
}

const INCONCLUSIVE = 'Inconclusive';

/**
 * What has to stay quiet while a release takes over: an alarm for each guard that is on.
 *
 * SageMaker's metrics count both fleets together, so an error of the old fleet trips them too: a release that arrives
 * while its predecessor is failing goes back. Too few requests, or none at all, say nothing about a release, and a guard
 * that can't judge doesn't go off. Whether a step that could not be judged is good enough is a question of its own: with
 * `rollBack` one more alarm answers it, which is in ALARM once a guard was blind for a whole step. It pages nobody,
 * because that is so on every quiet night.
 */
export class RollbackAlarms extends Construct {
  readonly alarms: readonly Alarm[];
  /** For those who judge a release afterwards; the names of alarms are tokens. */
  readonly watched: WatchedGuards['guards'];

  /** @throws InvalidInputError naming every guard that is out of range, could never go off in a step, or is too many */
  constructor(scope: Construct, id: string, props: RollbackAlarmsProps) {
    super(scope, id);
    const { guards, instanceType, endpointName, variantName = PRODUCTION_VARIANT, watch } = props;
    const { whenInconclusive = 'proceed' } = props;
    const faults = new Faults();
    const at = (setting: string) => [this.node.path, 'guards', setting].filter(Boolean).join('.');
    const table = guardTable({ ...props, variantName });
    const judged = watch && whenInconclusive === 'rollBack' && table.length > 0 ? watch : undefined;
    const blind = blindness(table);
    checkBounds(guards, instanceType, at, faults);
    if (watch) checkTime(table, watch.toSeconds(), at, faults);
    checkCount([...table.map((guard) => guard.id), ...(judged ? [INCONCLUSIVE] : [])], at, faults);
    if (judged) checkMetricCount(Object.keys(blind.metrics), at, faults);
    faults.throwIfAny(this.node.path);

    const alarms = table.map((guard) => this.guardAlarm(guard, props));
    this.watched = table.map(({ id: guard, samples }, index) => ({
      guard,
      alarmName: (alarms[index] as Alarm).alarmName,
      ...(samples && { samples }),
    }));
    this.alarms = judged ? [...alarms, this.inconclusiveAlarm(blind, endpointName, judged)] : alarms;
  }

  private guardAlarm(guard: Guard, { endpointName, action }: RollbackAlarmsProps): Alarm {
    const alarm = new Alarm(this, guard.id, {
      alarmDescription: `${endpointName}: ${guard.description}`,
      metric: guard.metric,
      threshold: guard.threshold,
      comparisonOperator: guard.comparison,
      evaluationPeriods: guard.minutes,
      datapointsToAlarm: guard.minutes,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (action) alarm.addAlarmAction(action);
    return alarm;
  }

  private inconclusiveAlarm({ expression, metrics }: Guard['blind'], endpointName: string, watch: Duration): Alarm {
    const minutes = Math.floor(watch.toSeconds() / PERIOD.toSeconds());
    return new Alarm(this, INCONCLUSIVE, {
      alarmDescription: `${endpointName}: a guard has had too little traffic or data to judge in each of ${minutes} minutes`,
      metric: new MathExpression({ label: INCONCLUSIVE, expression, usingMetrics: { ...metrics }, period: PERIOD }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: minutes,
      datapointsToAlarm: minutes,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }
}

/** How many guards can't judge a minute, as one expression. */
function blindness(table: readonly Guard[]): Guard['blind'] {
  const expressions = new Set(table.map(({ blind }) => blind.expression));
  const metrics: Record<string, IMetric> = Object.assign({}, ...table.map(({ blind }) => blind.metrics));
  return { expression: [...expressions].join(' + '), metrics };
}

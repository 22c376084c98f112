import type { Faults } from '../core/faults';
import type { AutoscalingKind, AutoscalingOf, Scaling, ScheduledAction } from './autoscaling';
import { checkSteps } from './scaling-steps';
import { scheduleFault } from './schedule-expression';
import type { Serving, ServingMode, ServingOf } from './serving';
import { isTimeZone } from './time-zone';

export interface ScalingRule {
  /** Serving modes that the kind goes with. */
  readonly modes: readonly ServingMode[];
  /** The rule in one sentence. */
  readonly says: string;
  readonly source: string;
}

const GUIDE = 'https://docs.aws.amazon.com/sagemaker/latest/dg/';
const VARIANTS = `${GUIDE}endpoint-auto-scaling-policy.html`;

/** Which kind of autoscaling SageMaker takes with which serving mode. */
export const SCALING_RULES: Readonly<Record<AutoscalingKind, ScalingRule>> = {
  invocations: {
    modes: ['realtime', 'multi-variant', 'shadow'],
    says: 'Invocations per instance are counted of instances that answer while the caller waits.',
    source: VARIANTS,
  },
  concurrency: {
    modes: ['realtime', 'multi-variant', 'shadow'],
    says: 'Concurrent requests per model are measured of instances that answer while the caller waits.',
    source: `${GUIDE}endpoint-auto-scaling-add-code-define.html`,
  },
  step: {
    modes: ['realtime', 'multi-variant', 'shadow', 'asynchronous'],
    says: 'A step policy adds and removes instances, so there have to be some.',
    source: VARIANTS,
  },
  scheduled: {
    modes: ['realtime', 'multi-variant', 'shadow', 'asynchronous'],
    says: 'A schedule sets the bounds of instances, so there have to be some.',
    source: 'https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-sagemaker.html',
  },
  provisionedConcurrency: {
    modes: ['serverless'],
    says: 'Only a serverless endpoint has provisioned concurrency, and without it such an endpoint scales by itself, to nothing too.',
    source: `${GUIDE}serverless-endpoints-autoscale.html`,
  },
  backlog: {
    modes: ['asynchronous'],
    says: 'Only an asynchronous endpoint has a queue, and among endpoints without components only it scales to nothing.',
    source: `${GUIDE}async-inference-autoscale.html`,
  },
  copies: {
    modes: ['inference-component'],
    says: 'Only inference components have copies, and a real-time endpoint scales to nothing by them only.',
    source: `${GUIDE}endpoint-auto-scaling-zero-instances.html`,
  },
};

/** Adds what a kind of autoscaling says against itself, whatever the environment. @param at path of a setting */
export function checkAutoscaling(autoscaling: Scaling, at: (setting: string) => string, faults: Faults): void {
  if (autoscaling.kind === 'step') checkSteps(autoscaling, at, faults);
  if (autoscaling.kind === 'provisionedConcurrency' || autoscaling.kind === 'copies') {
    requireOrder(autoscaling, at('min'), faults);
  }
  for (const [name, action] of Object.entries(autoscaling.scheduledActions)) {
    checkAction(action, (setting) => at(`scheduledActions.${name}.${setting}`), faults);
  }
}

/** Refuses a kind that the serving mode can't have. @param at path of a setting */
export function checkScalingMode(
  autoscaling: Scaling,
  serving: Serving,
  at: (setting: string) => string,
  faults: Faults,
): void {
  const { kind } = autoscaling;
  const { modes, says } = SCALING_RULES[kind];
  if (!modes.includes(serving.mode)) {
    const others = Object.entries(SCALING_RULES).filter(([, rule]) => rule.modes.includes(serving.mode));
    faults.add(
      at('kind'),
      `a model that serves by ${serving.mode} can't scale by ${kind}, got ${kind}. ${says}`,
      others.length > 0
        ? `use ${others.map(([other]) => other).join(', ')}, or serve by ${modes.join(' or ')}`
        : `leave autoscaling out, or serve by ${modes.join(' or ')}`,
    );
  } else if (kind === 'provisionedConcurrency' && serving.mode === 'serverless') {
    checkConcurrency(autoscaling, serving, at, faults);
  }
}

function checkConcurrency(
  { min, max }: AutoscalingOf<'provisionedConcurrency'>,
  { provisionedConcurrency, maxConcurrency }: ServingOf<'serverless'>,
  at: (setting: string) => string,
  faults: Faults,
): void {
  if (provisionedConcurrency === undefined) {
    faults.add(
      at('kind'),
      'needs serving.provisionedConcurrency, got none',
      `give it ${min} to begin with, or leave autoscaling out: the endpoint then scales by itself, to nothing too`,
    );
  } else {
    faults.requireRange(
      at('min'),
      min,
      [1, provisionedConcurrency],
      'scaling begins at serving.provisionedConcurrency, within the bounds',
    );
    faults.requireRange(
      at('max'),
      max,
      [provisionedConcurrency, maxConcurrency],
      'stay between serving.provisionedConcurrency and serving.maxConcurrency',
    );
  }
}

function checkAction(action: ScheduledAction, at: (setting: string) => string, faults: Faults): void {
  const fault = scheduleFault(action.schedule);
  if (fault) faults.add(at('schedule'), fault.problem, fault.fix);
  if (!isTimeZone(action.timeZone)) {
    faults.add(at('timeZone'), `is no time zone, got ${action.timeZone}`, "use IANA's name, as in Europe/Berlin");
  }
  requireOrder(action, at('min'), faults);
}

function requireOrder({ min, max }: { min: number; max: number }, where: string, faults: Faults): void {
  if (min > max) faults.add(where, `must not exceed max, got ${min} and ${max}`, 'swap or widen the bounds');
}

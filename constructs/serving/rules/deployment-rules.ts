import type { Rollout } from '../../../config/rollout';
import { PRODUCTION_VARIANT } from '../../../core/names';
import { MAXIMUM_EXECUTION_SECONDS } from '../deployment-config';
import { API, type Breach, DEVELOPER_GUIDE, each, type ServiceRule, unlessWhole, when } from './service-rule';

const EXCLUSIONS = `${DEVELOPER_GUIDE}deployment-guardrails-exclusions.html`;
const WITHOUT_GUARDRAILS = "use the rollout allAtOnce, which promises nothing that SageMaker wouldn't do";

/** What holds for deployment guardrails: how an update shifts traffic, and goes back. */
export const DEPLOYMENT_RULES: readonly ServiceRule[] = [
  {
    id: 'canary-size',
    says: 'A canary takes 1 to 50 percent of the capacity.',
    wayOut: 'the first step is at most half the fleet',
    source: `${API}API_TrafficRoutingConfig.html`,
    breaches: ({ deployment: { rollout } }) =>
      rollout.kind === 'canary' ? unlessWhole('rollout.percent', rollout.percent, [1, 50]) : [],
  },
  {
    id: 'linear-step-size',
    says: 'A linear step takes 10 to 50 percent of the capacity.',
    wayOut: 'choose a step in these bounds',
    source: `${API}API_TrafficRoutingConfig.html`,
    breaches: ({ deployment: { rollout, policy } }) =>
      rollout.kind === 'linear' && policy === 'blueGreen'
        ? unlessWhole('rollout.stepPercent', rollout.stepPercent, [10, 50])
        : [],
  },
  {
    id: 'rolling-batch-size',
    says: 'A rolling batch takes 5 to 50 percent of the capacity.',
    wayOut: 'choose a step in these bounds',
    source: `${API}API_RollingUpdatePolicy.html`,
    breaches: ({ deployment: { rollout, policy } }) =>
      rollout.kind === 'linear' && policy === 'rolling'
        ? unlessWhole('rollout.stepPercent', rollout.stepPercent, [5, 50])
        : [],
  },
  {
    id: 'wait-interval',
    says: 'The pause after a shift of traffic is at most an hour.',
    wayOut: 'choose a pause in these bounds',
    source: `${API}API_TrafficRoutingConfig.html`,
    breaches: ({ deployment: { rollout } }) => pauseBreaches(rollout),
  },
  {
    id: 'termination-wait',
    says: 'The old fleet stays for at most an hour after the shift.',
    wayOut: 'give seconds in these bounds',
    source: `${API}API_BlueGreenUpdatePolicy.html`,
    breaches: ({ deployment: { terminationWaitSeconds } }) =>
      unlessWhole('terminationWait', terminationWaitSeconds, [0, 3600]),
  },
  {
    id: 'maximum-execution-time',
    says: 'All pauses, the termination wait and the start of the fleet fit into eight hours.',
    wayOut: 'use fewer or shorter steps',
    source: `${API}API_BlueGreenUpdatePolicy.html`,
    breaches: ({ deployment: { maximumExecutionSeconds: seconds } }) => {
      const [min, max] = MAXIMUM_EXECUTION_SECONDS;
      const problem = `must be ${min} to ${max}, got ${seconds}`;
      return when(!(seconds >= min && seconds <= max), 'rollout in seconds', problem);
    },
  },
  {
    id: 'two-instances-for-a-shift-in-steps',
    says: 'A canary or linear rollout needs two instances: a step is at most half the fleet, and at least one instance.',
    wayOut: 'raise it to 2 or use the rollout blueGreen',
    source: `${DEVELOPER_GUIDE}deployment-guardrails-blue-green.html`,
    breaches: ({ variants, deployment: { rollout, policy } }) => {
      if (policy === 'rolling' || !(rollout.kind === 'canary' || rollout.kind === 'linear')) return [];
      return each(variants, ({ instanceCount = 2 }) =>
        instanceCount >= 2
          ? undefined
          : {
              setting: 'instanceCount',
              problem: `a ${rollout.kind} rollout needs 2 instances, so that a step of at most half the fleet exists, got ${instanceCount}`,
            },
      );
    },
  },
  {
    id: 'live-variant-name',
    says: 'A deployment with guardrails needs the variant names of the old config, so the live one has the same in every mode.',
    wayOut: `call the first variant ${PRODUCTION_VARIANT}; to add or remove others, deploy once with the rollout allAtOnce`,
    source: EXCLUSIONS,
    breaches: ({ variants: [live], deployment: { rollout } }) =>
      when(
        live !== undefined && live.name !== PRODUCTION_VARIANT && rollout.kind !== 'allAtOnce',
        'variants.0.name',
        `must be ${PRODUCTION_VARIANT}, got ${live?.name}`,
      ),
  },
  {
    id: 'guardrails-not-for-inf1',
    says: 'An endpoint on Inf1 instances has no guardrails: SageMaker moves all traffic at once and bakes nothing.',
    wayOut: `use another instance type, such as ml.inf2; or ${WITHOUT_GUARDRAILS}`,
    source: EXCLUSIONS,
    breaches: ({ variants, deployment: { rollout } }) =>
      each(variants, ({ instanceType = '' }) =>
        isInf1(instanceType) && rollout.kind !== 'allAtOnce'
          ? { setting: 'rollout', problem: `must be allAtOnce on ${instanceType}, got ${rollout.kind}` }
          : undefined,
      ),
  },
  {
    id: 'guardrails-not-for-marketplace',
    says: 'A container of AWS Marketplace has no guardrails: SageMaker moves all traffic at once and bakes nothing.',
    wayOut: WITHOUT_GUARDRAILS,
    source: EXCLUSIONS,
    breaches: ({ marketplace, deployment: { rollout } }) =>
      when(
        marketplace && rollout.kind !== 'allAtOnce',
        'rollout',
        `must be allAtOnce for a model of AWS Marketplace, got ${rollout.kind}`,
      ),
  },
  {
    id: 'rolling-has-one-variant',
    says: 'A rolling deployment is for endpoints of one variant.',
    wayOut: 'use a blue-green policy: canary, linear or blueGreen',
    source: EXCLUSIONS,
    breaches: ({ variants, deployment: { policy } }) =>
      when(
        policy === 'rolling' && variants.length > 1,
        'variants',
        `must be one for a rolling deployment, got ${variants.length}`,
      ),
  },
];

export function isInf1(instanceType: string): boolean {
  return instanceType.startsWith('ml.inf1.');
}

function pauseBreaches(rollout: Rollout): Breach[] {
  if (rollout.kind === 'allAtOnce') return [];
  return rollout.kind === 'linear'
    ? unlessWhole('rollout.stepMinutes', rollout.stepMinutes, [0, 60])
    : unlessWhole('rollout.bakeMinutes', rollout.bakeMinutes, [0, 60]);
}

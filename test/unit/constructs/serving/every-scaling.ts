import type { Stack } from 'aws-cdk-lib';
import { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { Autoscaling, type AutoscalingKind, type Scaling } from '../../../../config/autoscaling';
import { ComponentCopyScaling } from '../../../../constructs/serving/component-copy-scaling';
import { endpointScaling } from '../../../../constructs/serving/endpoint-scaling';
import { stack } from '../smallest';
import { endpoint } from './smallest-endpoint';

/** The smallest config of each kind. */
export const SMALLEST: Readonly<Record<AutoscalingKind, object>> = {
  invocations: { perInstancePerMinute: 600 },
  concurrency: { requestsPerModel: 4 },
  step: {
    metric: 'CPUUtilization',
    scaleOut: [
      { from: 80, add: 2 },
      { from: 60, to: 80, add: 1 },
    ],
    scaleIn: [
      { to: 30, from: 10, remove: 1 },
      { to: 10, remove: 2 },
    ],
  },
  scheduled: { scheduledActions: { morning: { schedule: 'cron(0 7 ? * MON-FRI *)', min: 3, max: 4 } } },
  provisionedConcurrency: { min: 1, max: 4 },
  backlog: {},
  copies: { perCopy: 2, min: 0, max: 3 },
};

export function autoscaling(kind: AutoscalingKind, overrides: object = {}): Scaling {
  return Autoscaling.parse({ kind, ...SMALLEST[kind], ...overrides }) as Scaling;
}

/** A stack that scales an endpoint, or a component, of two to four instances by one kind. */
export function scaled(kind: AutoscalingKind, overrides: object = {}): Stack {
  const scope = stack();
  const scaling = autoscaling(kind, overrides);
  const served = endpoint(scope);
  const { condition } = served.resource.cfnOptions;
  if (!condition) throw new Error('the endpoint has no condition');
  if (scaling.kind === 'copies') {
    const component = new CfnInferenceComponent(scope, 'Component', {
      inferenceComponentName: 'dev-churn',
      endpointName: served.endpointName,
      variantName: 'AllTraffic',
      specification: { modelName: 'churn' },
    });
    const { min: minCopies, max: maxCopies, perCopy, metric, scheduledActions } = scaling;
    const copies = { minCopies, maxCopies, perCopy, metric, scheduledActions };
    new ComponentCopyScaling(scope, 'Scaling', { ...copies, component, componentName: 'dev-churn', condition });
  } else {
    endpointScaling(scope, 'Scaling', {
      endpoint: served,
      condition,
      autoscaling: scaling,
      instances: { min: 2, max: 4 },
    });
  }
  return scope;
}

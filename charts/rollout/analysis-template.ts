import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { stepMinutes } from '../../config/kubernetes/rollout-steps';
import { ROLLOUT_HASH_LABEL } from '../labels';
import { objectName } from '../object-name';
import { activeGuards } from '../observability/guards';
import { enoughRequests, guardQuery, type Version } from '../observability/queries';
import type { ServedModel } from '../served-model';

type Metric = IAnalysisTemplate['spec']['metrics'][number];

const HASH = 'release-hash';
/** Filled in by Argo Rollouts. */
const NEW_VERSION: Version = [ROLLOUT_HASH_LABEL, `{{args.${HASH}}}`];

/** What a rollout says to have the new version judged; undefined where there are no guards, or no time to look. */
export function analysis(model: ServedModel) {
  if (activeGuards(model).length === 0 || stepMinutes(model.spec.rollout) === 0) return undefined;
  return {
    templates: [{ templateName: analysisName(model) }],
    args: [{ name: HASH, valueFrom: { podTemplateHashValue: 'Latest' } }],
  };
}

const analysisName = ({ name }: ServedModel) => objectName(name, 'guards');

/**
 * The guards, measured once a minute for as long as a step is watched. One measurement beyond a guard takes the release
 * back. Without enough requests in a minute a query has no value: that is inconclusive, and a step with nothing else
 * pauses the rollout until somebody decides, or goes back where the policy says so.
 */
export function analysisTemplate(model: ServedModel): IAnalysisTemplate {
  const { rollout } = model.spec;
  const minutes = stepMinutes(rollout);
  const goesBack = 'whenInconclusive' in rollout && rollout.whenInconclusive === 'rollBack';
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: analysisName(model) },
    spec: {
      args: [{ name: HASH }],
      metrics: [
        ...activeGuards(model).map(
          ({ guard, limit }): Metric => ({
            name: guard,
            initialDelay: '1m',
            interval: '1m',
            count: minutes,
            failureLimit: 0,
            // Where nothing at all could be judged, `judged` decides instead.
            inconclusiveLimit: goesBack ? minutes : minutes - 1,
            successCondition: `len(result) > 0 && result[0] <= ${limit}`,
            failureCondition: `len(result) > 0 && result[0] > ${limit}`,
            provider: prometheus(model, guardQuery(model, guard, NEW_VERSION)),
          }),
        ),
        ...(goesBack ? [judged(model, minutes)] : []),
      ],
    },
  };
}

/** Whether any minute of the step had enough requests. */
function judged(model: ServedModel, minutes: number): Metric {
  return {
    name: 'judged',
    initialDelay: `${minutes}m`,
    count: 1,
    failureLimit: 0,
    successCondition: 'len(result) > 0 && result[0] > 0',
    failureCondition: 'len(result) == 0 || result[0] == 0',
    provider: prometheus(model, `count_over_time((${enoughRequests(model, NEW_VERSION)})[${minutes}m:1m])`),
  };
}

function prometheus({ plane }: ServedModel, query: string): Metric['provider'] {
  return { prometheus: { address: plane.prometheus.url, query } };
}

import { Faults } from '../../core/faults';
import { ASYNCHRONOUS_RULES } from './rules/asynchronous-rules';
import { BATCH_RULES } from './rules/batch-rules';
import { COMPONENT_RULES } from './rules/component-rules';
import { DEPLOYMENT_RULES } from './rules/deployment-rules';
import { ENDPOINT_RULES } from './rules/endpoint-rules';
import { GUARD_RULES } from './rules/guard-rules';
import { SERVERLESS_RULES } from './rules/serverless-rules';
import type { EndpointSettings, ServiceRule } from './rules/service-rule';
import { SHADOW_RULES } from './rules/shadow-rules';

/** Every rule of the service that we know, by what it is about. docs/guide/serving-rules.md is made of it. */
export const SERVICE_RULES: Readonly<Record<string, readonly ServiceRule[]>> = {
  'Every endpoint': ENDPOINT_RULES,
  'Deployment guardrails': DEPLOYMENT_RULES,
  Guards: GUARD_RULES,
  Serverless: SERVERLESS_RULES,
  Asynchronous: ASYNCHRONOUS_RULES,
  Batch: BATCH_RULES,
  Shadow: SHADOW_RULES,
  'Inference components': COMPONENT_RULES,
};

/** Rules that only SageMaker can judge, because they depend on what is deployed already. */
export const RULES_AT_DEPLOY_TIME: readonly Omit<ServiceRule, 'breaches'>[] = [
  {
    id: 'real-time-to-serverless',
    says: 'An endpoint on instances is never updated to a serverless one, and one that became real-time never goes back.',
    wayOut: 'set the release to none and deploy, so that the endpoint goes, then change the mode and release again',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html',
  },
  {
    id: 'instance-type-under-autoscaling',
    says: 'The instance type of a variant that is registered with autoscaling is not changed.',
    wayOut:
      "deploy once with the autoscaling { kind: 'none' }, and then with the new type and the autoscaling of before",
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html',
  },
  {
    id: 'variant-under-autoscaling',
    says: 'A variant that is registered with autoscaling is not taken away, and so not renamed.',
    wayOut:
      "deploy once with the autoscaling { kind: 'none' }, and then without the variant, with the autoscaling of before",
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html',
  },
  {
    id: 'old-variant-names',
    says: 'A deployment with guardrails has the variants of the old config by name.',
    wayOut: 'add or remove challengers in a deployment with the rollout allAtOnce',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html',
  },
];

/**
 * Holds an endpoint against every rule, before anything is deployed.
 * @param path of the construct, for messages
 * @throws InvalidInputError naming every rule that is broken, and the way out of each
 */
export function checkServiceRules(path: string, settings: EndpointSettings): void {
  const faults = new Faults();
  for (const { breaches, wayOut } of Object.values(SERVICE_RULES).flat()) {
    for (const { setting, problem } of breaches(settings)) faults.add(`${path}.${setting}`, problem, wayOut);
  }
  faults.throwIfAny(path);
}

import { type App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ModelInput } from '../../../config/model-spec';
import { defineEnvironments, defineModels } from '../../../config/schema';
import type { ServingMode } from '../../../config/serving';
import { DataStack } from '../../../lib/data-stack';
import { NetworkStack } from '../../../lib/network-stack';
import { RegistryStack } from '../../../lib/registry-stack';
import { SecurityStack } from '../../../lib/security-stack';
import { ServingStack } from '../../../lib/serving-stack';
import { environment, model } from '../config/smallest';
import { app } from '../constructs/smallest';

const linear = { kind: 'linear' } as const;
const allAtOnce = { kind: 'allAtOnce' } as const;

/** A model of each mode, named after it. */
const INPUTS = {
  realtime: { serving: { mode: 'realtime' } },
  serverless: { serving: { mode: 'serverless', provisionedConcurrency: 1 }, rollout: allAtOnce },
  asynchronous: { serving: { mode: 'asynchronous', maxConcurrentInvocationsPerInstance: 4 } },
} satisfies Partial<Record<ServingMode, Partial<ModelInput>>>;

export type Served = keyof typeof INPUTS;
export const MODES = Object.keys(INPUTS) as Served[];

/** The serving stacks of an environment `test` that has a model of each mode, and what they stand on. */
export function servingStage(root: App = app(), overrides: Partial<Record<Served, Partial<ModelInput>>> = {}): Stage {
  const models = defineModels(
    Object.fromEntries(MODES.map((mode) => [mode, model({ ...INPUTS[mode], ...overrides[mode] })])) as Record<
      Served,
      ModelInput
    >,
  );
  const { test } = defineEnvironments(models, { test: environment(MODES) as never });
  const stage = new Stage(root, 'test', { env: { account: test.account, region: test.region } });
  const common = { environmentName: 'test', environment: test };
  const { keys } = new SecurityStack(stage, 'Security', common);
  const { network } = new NetworkStack(stage, 'Network', { ...common, keys });
  const { lake } = new DataStack(stage, 'Data', { ...common, keys, captureRetentionDays: 30 });
  const registry = new RegistryStack(stage, 'Registry', common);
  for (const modelName of MODES) {
    new ServingStack(stage, `Serving-${modelName}`, {
      ...common,
      modelName,
      spec: models[modelName],
      network,
      keys,
      lake,
      registered: registry.model(modelName),
    });
  }
  return stage;
}

/** The serving stack of the model of a mode. */
export function servingTemplate(stage: Stage, mode: Served): Template {
  return Template.fromStack(stage.node.findChild(`Serving-${mode}`) as Stack);
}

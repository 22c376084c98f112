import { type App, type Stack, Stage } from 'aws-cdk-lib';
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

const allAtOnce = { kind: 'allAtOnce' } as const;

/** A model of each mode, named after it. */
const INPUTS = {
  realtime: { serving: { mode: 'realtime' } },
  serverless: { serving: { mode: 'serverless', provisionedConcurrency: 1 }, rollout: allAtOnce },
  asynchronous: { serving: { mode: 'asynchronous', maxConcurrentInvocationsPerInstance: 4 } },
  batch: { serving: { mode: 'batch' }, rollout: allAtOnce },
  'multi-variant': {
    serving: {
      mode: 'multi-variant',
      weight: 9,
      challengers: [
        { name: 'challenger', weight: 1 },
        { name: 'larger', weight: 0, instanceType: 'ml.m5.xlarge' },
      ],
    },
  },
  shadow: { serving: { mode: 'shadow', samplePercent: 25 } },
  'inference-component': {
    serving: { mode: 'inference-component', cpuCores: 1, memoryMb: 1024, copies: 2 },
    rollout: { kind: 'linear', stepPercent: 50 },
  },
} satisfies Record<ServingMode, Partial<ModelInput>>;

export type Served = keyof typeof INPUTS;
export const MODES = Object.keys(INPUTS) as Served[];

/**
 * The serving stacks of an environment `test` that has a model of each mode, and what they stand on.
 * @param modes whose stacks are made, for each takes its time
 */
export function servingStage(
  root: App,
  overrides: Partial<Record<Served, Partial<ModelInput>>> = {},
  modes: readonly Served[] = MODES,
): Stage {
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
  const registry = new RegistryStack(stage, 'Registry', { ...common, models, keys });
  for (const modelName of modes) {
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

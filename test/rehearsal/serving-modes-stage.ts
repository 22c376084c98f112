import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stage } from 'aws-cdk-lib';
import { environments } from '../../config/environments';
import type { ModelSpec } from '../../config/model-spec';
import { models } from '../../config/models';
import { defineModels } from '../../config/schema';
import type { ServingMode } from '../../config/serving';
import { DataStack } from '../../lib/data-stack';
import { NetworkStack } from '../../lib/network-stack';
import { RegistryStack } from '../../lib/registry-stack';
import { SecurityStack } from '../../lib/security-stack';
import { ServingStack } from '../../lib/serving-stack';
import { REPOSITORY } from '../local/command';

export const ENVIRONMENT = 'modes';

/** Flight-delay as the laptop's environment has it, so that no rule of the schema is left out. */
const { description, owners, workload, framework, data, gates, dataProtection } = models['flight-delay'];
const base = { description, owners, workload, framework, data, gates, dataProtection };
const allAtOnce = { kind: 'allAtOnce' } as const;

/** The same model in every mode, by a name for each. */
export const SERVED = defineModels({
  realtime: { ...base, serving: { mode: 'realtime' }, rollout: { kind: 'linear' } },
  serverless: { ...base, serving: { mode: 'serverless' }, rollout: allAtOnce },
  asynchronous: { ...base, serving: { mode: 'asynchronous' }, rollout: { kind: 'canary' } },
  batch: { ...base, serving: { mode: 'batch' }, rollout: allAtOnce },
  'multi-variant': {
    ...base,
    serving: { mode: 'multi-variant', weight: 1, challengers: [{ name: 'challenger', weight: 1 }] },
    rollout: { kind: 'canary' },
  },
  shadow: { ...base, serving: { mode: 'shadow' }, rollout: { kind: 'canary' } },
  'inference-component': {
    ...base,
    serving: { mode: 'inference-component', cpuCores: 1, memoryMb: 1024, copies: 2 },
    rollout: { kind: 'linear', stepPercent: 50 },
  },
}) satisfies Readonly<Record<ServingMode, ModelSpec>>;
export const MODES = Object.keys(SERVED) as ServingMode[];

/** The serving stacks of all modes and what they stand on, as a cloud assembly in that folder. */
export function synthesiseModes(outdir: string): void {
  const { context } = JSON.parse(readFileSync(join(REPOSITORY, 'cdk.json'), 'utf8')) as { context: object };
  const app = new App({ outdir, context: { ...context } });
  const environment = { ...environments.local, models: MODES };
  const { account, region } = environment;
  const stage = new Stage(app, ENVIRONMENT, { env: { account, region } });
  const common = { environmentName: ENVIRONMENT, environment };
  const { keys } = new SecurityStack(stage, 'Security', common);
  const { network } = new NetworkStack(stage, 'Network', { ...common, keys });
  const { lake } = new DataStack(stage, 'Data', { ...common, keys, captureRetentionDays: 30 });
  const registry = new RegistryStack(stage, 'Registry', { ...common, models: SERVED, keys });
  for (const modelName of MODES) {
    const registered = registry.model(modelName);
    const spec = SERVED[modelName];
    new ServingStack(stage, `Serving-${modelName}`, {
      ...common,
      modelName,
      spec,
      network,
      keys,
      lake,
      registered,
    }).addStackDependency(registry);
  }
  app.synth();
}

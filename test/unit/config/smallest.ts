import type { EnvironmentInput } from '../../../config/environment-spec';
import type { ModelInput } from '../../../config/model-spec';

/** The smallest valid model; a test states only what it changes. */
export function model(overrides: Partial<ModelInput> = {}): ModelInput {
  return {
    description: 'Says whether a customer leaves',
    owners: ['team@example.com'],
    workload: 'churn',
    framework: 'sklearn',
    data: { source: { package: 'some-data', files: ['data.csv'] } },
    gates: [{ metric: 'roc_auc', atLeast: 0.7 }],
    serving: { mode: 'realtime' },
    rollout: { kind: 'canary' },
    dataProtection: { personalFields: [], lawfulBasis: 'none-needed', retentionDays: 30 },
    ...overrides,
  };
}

/** The smallest valid environment for models named `M`. */
export function environment<M extends string>(
  models: readonly M[],
  overrides: Partial<Omit<EnvironmentInput, 'models'>> = {},
): Omit<EnvironmentInput, 'models'> & { readonly models: readonly M[] } {
  return {
    account: '123456789012',
    region: 'eu-west-1',
    production: false,
    models,
    approval: { kind: 'manual', personas: ['approver'] },
    instances: { min: 2, max: 2 },
    ...overrides,
  };
}

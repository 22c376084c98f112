import type {
  DeploymentSettings,
  EndpointSettings,
  VariantSettings,
} from '../../../../constructs/serving/rules/service-rule';
import { canary, guards } from './smallest-endpoint';

const deployment: DeploymentSettings = {
  rollout: canary(),
  policy: 'blueGreen',
  terminationWaitSeconds: 300,
  maximumExecutionSeconds: 3000,
  rollbackAlarms: 2,
};

export function variant(overrides: Partial<VariantSettings> = {}): VariantSettings {
  return {
    name: 'AllTraffic',
    instanceType: 'ml.m5.large',
    instanceCount: 2,
    weight: 1,
    startupSeconds: 240,
    ...overrides,
  };
}

type Overrides = Partial<Omit<EndpointSettings, 'deployment'>> & { readonly deployment?: Partial<DeploymentSettings> };

/** A real-time endpoint that breaks no rule. */
export function settings(overrides: Overrides = {}): EndpointSettings {
  return {
    mode: 'realtime',
    variants: [variant()],
    shadowVariants: [],
    capturePercent: 100,
    vpc: true,
    networkIsolation: true,
    containers: 1,
    multiModel: false,
    marketplace: false,
    ...overrides,
    deployment: { ...deployment, ...overrides.deployment },
  };
}

export const allAtOnce = { rollout: { kind: 'allAtOnce', guards } } as const;

/** The same of the other modes. */
export function serverless(
  overrides: Overrides = {},
  config: Partial<NonNullable<VariantSettings['serverless']>> = {},
): EndpointSettings {
  return settings({
    mode: 'serverless',
    variants: [{ name: 'AllTraffic', weight: 1, serverless: { memoryMb: 2048, maxConcurrency: 20, ...config } }],
    vpc: false,
    networkIsolation: false,
    capturePercent: 0,
    ...overrides,
    deployment: { ...allAtOnce, ...overrides.deployment },
  });
}

export function asynchronous(overrides: Overrides = {}): EndpointSettings {
  return settings({
    mode: 'asynchronous',
    capturePercent: 0,
    asynchronous: { outputUri: 's3://answers/churn' },
    ...overrides,
  });
}

export function shadow(overrides: Overrides = {}): EndpointSettings {
  return settings({ mode: 'shadow', shadowVariants: [variant({ name: 'shadow' })], samplePercent: 50, ...overrides });
}

export function component(
  overrides: Overrides = {},
  requirements: Partial<NonNullable<EndpointSettings['component']>> = {},
): EndpointSettings {
  return settings({
    mode: 'inference-component',
    capturePercent: 0,
    component: { cpuCores: 1, memoryMb: 1024, copies: 2, ...requirements },
    ...overrides,
    deployment: { policy: 'rolling', ...allAtOnce, ...overrides.deployment },
  });
}

export function batch(overrides: Partial<NonNullable<EndpointSettings['batch']>> = {}): EndpointSettings {
  return settings({
    mode: 'batch',
    variants: [],
    capturePercent: 0,
    batch: {
      splitType: 'Line',
      strategy: 'MultiRecord',
      maxPayloadMb: 6,
      maxConcurrentTransforms: 1,
      joinInput: false,
      ...overrides,
    },
    deployment: { ...allAtOnce, rollbackAlarms: 0 },
  });
}

import { API, DEVELOPER_GUIDE, type EndpointSettings, each, type ServiceRule, unlessWhole, when } from './service-rule';

const EXCLUSIONS = `${DEVELOPER_GUIDE}serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions`;
const SERVERLESS = `${API}API_ProductionVariantServerlessConfig.html`;
const MEMORY_MB = [1024, 2048, 3072, 4096, 5120, 6144];

/** What a serverless endpoint can't do. */
export const SERVERLESS_RULES: readonly ServiceRule[] = [
  {
    id: 'serverless-memory',
    says: 'Serverless memory is 1024 to 6144 MB in steps of 1024.',
    wayOut: 'round up to the next GB, or use realtime for a larger model',
    source: SERVERLESS,
    breaches: (settings) =>
      each(serverless(settings), ({ memoryMb }) =>
        MEMORY_MB.includes(memoryMb)
          ? undefined
          : { setting: 'memoryMb', problem: `must be one of ${MEMORY_MB.join(', ')}, got ${memoryMb}` },
      ),
  },
  {
    id: 'serverless-concurrency',
    says: 'A serverless endpoint answers 1 to 200 requests at a time.',
    wayOut: 'use realtime for more',
    source: SERVERLESS,
    breaches: (settings) =>
      serverless(settings).flatMap(({ maxConcurrency }) => unlessWhole('maxConcurrency', maxConcurrency, [1, 200])),
  },
  {
    id: 'serverless-provisioned-concurrency',
    says: 'Provisioned concurrency is 1 up to the maximum concurrency.',
    wayOut: 'lower it, or raise maxConcurrency',
    source: SERVERLESS,
    breaches: (settings) =>
      serverless(settings).flatMap(({ provisionedConcurrency, maxConcurrency }) =>
        provisionedConcurrency === undefined
          ? []
          : unlessWhole('provisionedConcurrency', provisionedConcurrency, [1, maxConcurrency]),
      ),
  },
  {
    id: 'serverless-no-instances',
    says: 'A serverless variant has no instance type, and so no GPU.',
    wayOut: 'leave the instances out, or use realtime',
    source: EXCLUSIONS,
    breaches: ({ variants }) =>
      each(variants, ({ serverless, instanceType }) =>
        serverless && instanceType !== undefined
          ? { setting: 'instanceType', problem: `must be left out for serverless, got ${instanceType}` }
          : undefined,
      ),
  },
  {
    id: 'serverless-no-vpc',
    says: 'A serverless endpoint is in no VPC.',
    wayOut: 'leave the network out, or use realtime',
    source: EXCLUSIONS,
    breaches: (settings) =>
      when(isServerless(settings) && settings.vpc, 'model.vpcConfig', 'must be left out for serverless, got a VPC'),
  },
  {
    id: 'serverless-no-network-isolation',
    says: 'A serverless endpoint knows no network isolation.',
    wayOut: 'switch it off and trust the container, or use realtime',
    source: EXCLUSIONS,
    breaches: (settings) =>
      when(
        isServerless(settings) && settings.networkIsolation,
        'model.enableNetworkIsolation',
        'must be off for serverless, got true',
      ),
  },
  {
    id: 'serverless-no-capture',
    says: 'A serverless endpoint captures no data, and Model Monitor has nothing to read.',
    wayOut: 'capture nothing and log requests in the caller, or use realtime',
    source: EXCLUSIONS,
    breaches: (settings) =>
      when(
        isServerless(settings) && settings.capturePercent > 0,
        'capturePercent',
        `must be 0 for serverless, got ${settings.capturePercent}`,
      ),
  },
  {
    id: 'serverless-one-variant',
    says: 'A serverless endpoint has one production variant.',
    wayOut: 'use multi-variant on instances, or an endpoint a version',
    source: EXCLUSIONS,
    breaches: (settings) =>
      when(
        isServerless(settings) && settings.variants.length > 1,
        'variants',
        `must be one for serverless, got ${settings.variants.length}`,
      ),
  },
  {
    id: 'serverless-one-container',
    says: 'A serverless endpoint runs one container of one model: no inference pipeline, no multi-model container.',
    wayOut: 'put the steps into one container, or use realtime',
    source: EXCLUSIONS,
    breaches: (settings) =>
      when(
        isServerless(settings) && (settings.containers > 1 || settings.multiModel),
        'model',
        `must be one container of one model for serverless, got ${settings.multiModel ? 'a multi-model container' : `${settings.containers} containers`}`,
      ),
  },
  {
    id: 'serverless-no-marketplace',
    says: 'A serverless endpoint takes no model of AWS Marketplace.',
    wayOut: 'use realtime',
    source: EXCLUSIONS,
    breaches: (settings) =>
      when(
        isServerless(settings) && settings.marketplace,
        'model',
        'must be your own for serverless, got one of AWS Marketplace',
      ),
  },
  {
    id: 'serverless-no-guardrails',
    says: 'Deployment guardrails are for real-time and asynchronous endpoints only.',
    wayOut: 'use the rollout allAtOnce: its guards tell people, and you go back with mlops release rollback',
    source: `${DEVELOPER_GUIDE}deployment-guardrails.html`,
    breaches: (settings) =>
      when(
        isServerless(settings) && settings.deployment.rollout.kind !== 'allAtOnce',
        'rollout',
        `must be allAtOnce for serverless, got ${settings.deployment.rollout.kind}`,
      ),
  },
];

function serverless({ variants }: EndpointSettings) {
  return variants.flatMap(({ serverless: found }) => (found ? [found] : []));
}

export function isServerless(settings: EndpointSettings): boolean {
  return serverless(settings).length > 0;
}

import type { JsonObject } from '../../../../../core/json';
import { resolveFleet } from '../../../../../local/sagemaker/endpoint/resolve-fleet';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const VARIANT = { VariantName: 'AllTraffic', ModelName: 'm', InstanceType: 'ml.m5.large' };

function resolve(answers: { config?: JsonObject; model?: JsonObject; package?: JsonObject } = {}) {
  const known: Record<string, JsonObject> = {
    DescribeEndpointConfig: { ProductionVariants: [VARIANT], ...answers.config },
    DescribeModel: answers.model ?? { PrimaryContainer: { Image: 'i:1' } },
    DescribeModelPackage: answers.package ?? {},
  };
  return resolveFleet({ now: () => NOW }, async (action) => known[action] as JsonObject, 'c');
}

describe('a fleet', () => {
  test('has the documented defaults: weight 1, 240 s to get healthy; and one instance', async () => {
    expect(await resolve()).toEqual({
      id: expect.stringMatching(/^20260102030405678-[0-9a-f]{8}$/),
      endpointConfigName: 'c',
      resolvedAt: NOW.toISOString(),
      dataCapture: undefined,
      variants: [
        {
          name: 'AllTraffic',
          modelName: 'm',
          instanceCount: 1,
          weight: 1,
          healthTimeoutSeconds: 240,
          container: { image: 'i:1', environment: {} },
        },
      ],
    });
  });

  test('keeps a weight of 0', async () => {
    const { variants } = await resolve({ config: { ProductionVariants: [{ ...VARIANT, InitialVariantWeight: 0 }] } });
    expect(variants[0]?.weight).toBe(0);
  });

  test('takes the model of Containers when there is one', async () => {
    const { variants } = await resolve({ model: { Containers: [{ Image: 'i:2', ModelDataUrl: 's3://b/k' }] } });
    expect(variants[0]?.container).toEqual({ image: 'i:2', modelDataUrl: 's3://b/k', environment: {} });
  });

  test('of a serverless variant has no instances, and 180 s to get healthy', async () => {
    const serverless = { MemorySizeInMB: 2048, MaxConcurrency: 5 };
    const variant = { VariantName: 'v', ModelName: 'm', ServerlessConfig: serverless };
    const { variants } = await resolve({ config: { ProductionVariants: [variant] } });
    expect(variants).toMatchObject([
      { instanceCount: 0, healthTimeoutSeconds: 180, serverless: { memorySizeInMB: 2048, maxConcurrency: 5 } },
    ]);
    const provisioned = { ...variant, ServerlessConfig: { ...serverless, ProvisionedConcurrency: 2 } };
    expect((await resolve({ config: { ProductionVariants: [provisioned] } })).variants).toMatchObject([
      { serverless: { provisionedConcurrency: 2 } },
    ]);
  });

  test('has a shadow beside its variants, and the configuration of its queue', async () => {
    const AsyncInferenceConfig = { OutputConfig: { S3OutputPath: 's3://bucket/out' } };
    const { variants, shadow, asyncInference } = await resolve({
      config: { ShadowProductionVariants: [{ ...VARIANT, VariantName: 'Shadow' }], AsyncInferenceConfig },
    });
    expect(variants.map(({ name }) => name)).toEqual(['AllTraffic']);
    expect(shadow).toMatchObject({ name: 'Shadow', instanceCount: 1, weight: 1 });
    expect(asyncInference).toEqual(AsyncInferenceConfig);
  });

  test.each([
    [{ config: { ExplainerConfig: {} } }, "the local SageMaker doesn't run ExplainerConfig"],
    [{ model: { Containers: [{ Image: 'a' }, { Image: 'b' }] } }, 'runs one container, got 2'],
    [{ model: { Containers: [] } }, 'runs one container, got 0'],
    [{ model: { PrimaryContainer: {} } }, 'its container names no image'],
    [
      { model: { PrimaryContainer: { ModelPackageName: 'p' } } },
      'Model package p: the local SageMaker runs one container, got 0',
    ],
  ])('is refused for %j', async (answers, message) => {
    await expect(resolve(answers)).rejects.toThrow(message);
  });
});

import { type LiveReleaseApi, liveRelease } from '../../../../core/release/aws/live-release';

const NAME = 'dev-churn';
const PACKAGE = 'arn:aws:sagemaker:eu-west-1:111111111111:model-package/dev-churn/3';
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const images = (letter: string) => [{ ResolvedImage: `repository@${digest(letter)}` }];

class Missing extends Error {
  override readonly name = 'ValidationException';
}

interface World {
  readonly endpoint?: Awaited<ReturnType<LiveReleaseApi['sageMaker']['describeEndpoint']>>;
  readonly variants?: readonly { VariantName?: string; ModelName?: string }[];
  readonly component?: Awaited<ReturnType<LiveReleaseApi['sageMaker']['describeInferenceComponent']>>;
  readonly outputs?: Readonly<Record<string, string>>;
}

/** What serves in an account that has these. The Model `live` is of the package, and others are of none. */
function live({ endpoint, variants = [], component, outputs = {} }: World) {
  const found = <T>(value: T | undefined, what: string): Promise<T> =>
    value === undefined ? Promise.reject(new Missing(`Could not find ${what}`)) : Promise.resolve(value);
  const unused = () => Promise.reject(new Error('not asked for'));
  return liveRelease(
    {
      sageMaker: {
        describeModelPackage: unused,
        describeEndpoint: () => found(endpoint, 'endpoint'),
        describeEndpointConfig: async () => ({ ProductionVariants: variants }),
        describeInferenceComponent: () => found(component, 'inference component'),
        describeModel: async ({ ModelName }) =>
          ModelName === 'live' ? { PrimaryContainer: { ModelPackageName: PACKAGE, ModelDataUrl: 's3://a' } } : {},
      },
      cloudFormation: {
        describeStacks: async () => ({
          Stacks: [
            {
              Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
            },
          ],
        }),
      },
    },
    NAME,
    'mlops-dev-serving-churn',
  );
}

const endpoint = { EndpointStatus: 'InService', EndpointConfigName: 'config' };

describe('what serves', () => {
  test('is what the live variant has, not its challengers, whatever their order', async () => {
    const found = await live({
      endpoint: {
        ...endpoint,
        ProductionVariants: [
          { VariantName: 'challenger', DeployedImages: images('b') },
          { VariantName: 'AllTraffic', DeployedImages: images('a') },
        ],
      },
      variants: [
        { VariantName: 'challenger', ModelName: 'other' },
        { VariantName: 'AllTraffic', ModelName: 'live' },
      ],
    });
    expect(found).toMatchObject({
      endpointStatus: 'InService',
      model: 'live',
      modelPackage: PACKAGE,
      artefact: 's3://a',
      imageDigests: [digest('a')],
    });
  });

  test('is the model of the inference component where the variant has none, and as ready as the component is', async () => {
    const found = await live({
      endpoint,
      variants: [{ VariantName: 'AllTraffic' }],
      component: {
        InferenceComponentStatus: 'Updating',
        Specification: { ModelName: 'live', Container: { DeployedImage: { ResolvedImage: `r@${digest('c')}` } } },
      },
    });
    expect(found).toMatchObject({
      endpointStatus: 'Updating',
      modelPackage: PACKAGE,
      imageDigests: [digest('c')],
      failureReason: null,
    });
  });

  test('says why a component failed', async () => {
    const component = {
      InferenceComponentStatus: 'Failed',
      FailureReason: 'too little memory',
      Specification: { ModelName: 'live' },
    };
    expect(await live({ endpoint, variants: [{}], component })).toMatchObject({
      endpointStatus: 'Failed',
      failureReason: 'too little memory',
      imageDigests: [],
    });
  });

  test('is nothing on an endpoint that has neither', async () => {
    expect(await live({ endpoint, variants: [{}] })).toMatchObject({
      endpointStatus: 'InService',
      modelPackage: 'none',
    });
  });

  test('is the Model for transform jobs where there is no endpoint', async () => {
    expect(await live({ outputs: { ServedModelName: 'live' } })).toMatchObject({
      endpointStatus: 'NoEndpoint',
      endpointConfig: null,
      model: 'live',
      modelPackage: PACKAGE,
    });
  });

  test('is nothing before the first release', async () => {
    expect(await live({ outputs: { AlarmTopicArn: 'arn' } })).toMatchObject({
      endpointStatus: 'Missing',
      model: null,
      modelPackage: 'none',
    });
  });
});

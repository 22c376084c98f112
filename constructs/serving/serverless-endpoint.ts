import { Duration } from 'aws-cdk-lib';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { PRODUCTION_VARIANT } from '../../core/names';
import { containerSettings } from './instance-variant';
import { type EndpointProps, ServingEndpoint } from './serving-endpoint';

export interface ServerlessEndpointProps extends EndpointProps {
  /** Has neither VPC nor network isolation: SageMaker knows neither for serverless endpoints. */
  readonly model: CfnModel;
  /** 1024 to 6144 in steps of 1024. Processor time comes with it. */
  readonly memoryMb: number;
  /** Requests at a time, 1 to 200; one more is answered with a 429. */
  readonly maxConcurrency: number;
  /** Of these, how many are kept warm. @default - none */
  readonly provisionedConcurrency?: number;
}

/**
 * A serverless endpoint: no instances, no cost while nobody asks, and a cold start when somebody does again.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
 */
export class ServerlessEndpoint extends ServingEndpoint {
  /** @throws InvalidInputError naming every rule of the service that the settings break */
  constructor(scope: Construct, id: string, props: ServerlessEndpointProps) {
    const { model, memoryMb, maxConcurrency, provisionedConcurrency } = props;
    super(scope, id, {
      ...props,
      startup: Duration.seconds(0),
      terminationWait: Duration.seconds(0),
      settings: {
        mode: 'serverless',
        ...containerSettings([model]),
        variants: [
          { name: PRODUCTION_VARIANT, weight: 1, serverless: { memoryMb, maxConcurrency, provisionedConcurrency } },
        ],
        shadowVariants: [],
        capturePercent: 0,
      },
      config: {
        productionVariants: [
          {
            variantName: PRODUCTION_VARIANT,
            modelName: model.attrModelName,
            initialVariantWeight: 1,
            serverlessConfig: { memorySizeInMb: memoryMb, maxConcurrency, provisionedConcurrency },
          },
        ],
      },
    });
  }
}

import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { type CaptureProps, dataCapture } from './data-capture';
import {
  containerSettings,
  type InstanceEndpointProps,
  instanceDefaults,
  instanceVariant,
  variantSettings,
  volumeKey,
} from './instance-variant';
import { ServingEndpoint } from './serving-endpoint';

export interface ChallengerProps {
  readonly name: string;
  readonly model: CfnModel;
  /** Share of the traffic, relative to the other weights. */
  readonly weight: number;
  /** @default that of the live variant */
  readonly instanceType?: string;
}

export interface MultiVariantEndpointProps extends InstanceEndpointProps, CaptureProps {
  /** Of the live variant, which serves `model`. */
  readonly weight: number;
  /** 1 to 9. Each has as many instances as the live variant. */
  readonly challengers: readonly ChallengerProps[];
}

/**
 * Several versions behind one endpoint, each with a share of the traffic. A caller that names a variant gets that one.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-ab-testing.html
 */
export class MultiVariantEndpoint extends ServingEndpoint {
  /** @throws InvalidInputError naming every rule of the service that the settings break */
  constructor(scope: Construct, id: string, props: MultiVariantEndpointProps) {
    const variants = [
      { model: props.model, settings: variantSettings(props, { weight: props.weight }) },
      ...props.challengers.map(({ model, instanceType = props.instanceType, ...named }) => ({
        model,
        settings: variantSettings({ ...props, instanceType }, named),
      })),
    ];
    super(scope, id, {
      ...props,
      ...instanceDefaults(props),
      settings: {
        mode: 'multi-variant',
        ...containerSettings(variants.map(({ model }) => model)),
        variants: variants.map(({ settings }) => settings),
        shadowVariants: [],
        capturePercent: props.capturePercent ?? 100,
      },
      config: {
        productionVariants: variants.map(({ settings, model }) => instanceVariant(settings, model)),
        ...volumeKey(
          variants.map(({ settings }) => settings.instanceType ?? props.instanceType),
          props.key,
        ),
        dataCaptureConfig: dataCapture(props, props.key),
      },
      // The split is the config's to decide: a weight that was set by hand goes with the next release.
      takenFromConfig: ['DataCaptureConfig', 'DesiredWeight'],
    });
  }
}

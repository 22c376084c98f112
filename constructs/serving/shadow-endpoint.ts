import { type CfnCondition, Fn, Token } from 'aws-cdk-lib';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { SHADOW_VARIANT } from '../../config/further-releases';
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

export interface ShadowEndpointProps extends InstanceEndpointProps, CaptureProps {
  readonly shadow: {
    readonly model: CfnModel;
    /** The shadow variant exists only while this holds. */
    readonly condition: CfnCondition;
    /** Share of the requests that it gets a copy of, 1 to 100. */
    readonly samplePercent: number;
    readonly instanceCount: number;
    /**
     * An experiment brings the shadow variant for as long as it runs, and takes it away again.
     * @default - the shadow variant is a part of the endpoint's own config
     */
    readonly experiment?: { readonly startsAt: string; readonly endsAt: string };
  };
}

/**
 * A real-time endpoint that sends copies of its requests to a candidate as well. Callers see the live version's answers
 * only, and never wait for the shadow.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-shadow-deployment.html
 */
export class ShadowEndpoint extends ServingEndpoint {
  /** @throws InvalidInputError naming every rule of the service that the settings break */
  constructor(scope: Construct, id: string, props: ShadowEndpointProps) {
    const { shadow, model, instanceType, key } = props;
    const live = variantSettings(props);
    const copied = variantSettings(
      { ...props, instanceCount: shadow.instanceCount },
      // Relative to the live variant's weight of 1.
      { name: SHADOW_VARIANT, weight: shadow.samplePercent / 100 },
    );
    super(scope, id, {
      ...props,
      ...instanceDefaults(props),
      settings: {
        mode: 'shadow',
        ...containerSettings([model, shadow.model]),
        variants: [live],
        shadowVariants: [copied],
        samplePercent: shadow.samplePercent,
        capturePercent: props.capturePercent ?? 100,
        experiment: shadow.experiment,
      },
      config: {
        productionVariants: [instanceVariant(live, model)],
        shadowProductionVariants: shadow.experiment
          ? undefined
          : Token.asAny(
              Fn.conditionIf(
                shadow.condition.logicalId,
                [inTemplate(instanceVariant(copied, shadow.model))],
                Fn.ref('AWS::NoValue'),
              ),
            ),
        ...volumeKey([instanceType], key),
        dataCaptureConfig: dataCapture(props, key),
      },
      // How much is copied is the config's to decide.
      takenFromConfig: ['DataCaptureConfig', 'DesiredWeight'],
    });
  }
}

/** As the template has it: inside of an intrinsic function nobody else turns names into CloudFormation's. */
function inTemplate(properties: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value as unknown]),
  );
}

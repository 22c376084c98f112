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

export interface RealTimeEndpointProps extends InstanceEndpointProps, CaptureProps {}

/** A real-time endpoint: one version on instances of its own, which answers at once. */
export class RealTimeEndpoint extends ServingEndpoint {
  /** @throws InvalidInputError naming every rule of the service that the settings break */
  constructor(scope: Construct, id: string, props: RealTimeEndpointProps) {
    const live = variantSettings(props);
    super(scope, id, {
      ...props,
      ...instanceDefaults(props),
      settings: {
        mode: 'realtime',
        ...containerSettings([props.model]),
        variants: [live],
        shadowVariants: [],
        capturePercent: props.capturePercent ?? 100,
      },
      config: {
        productionVariants: [instanceVariant(live, props.model)],
        ...volumeKey([props.instanceType], props.key),
        dataCaptureConfig: dataCapture(props, props.key),
      },
      // What is captured follows the config.
      takenFromConfig: ['DataCaptureConfig'],
    });
  }
}

import { type CfnCondition, Duration, Resource, Stack } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEndpoint, CfnEndpointConfig, type CfnModel, type IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { Rollout } from '../../config/rollout';
import { Faults } from '../../core/faults';
import { PRODUCTION_VARIANT } from '../../core/names';
import { deploymentConfig, rolloutTiming } from './deployment-config';
import { hasLocalStorage } from './local-storage';
import { REAL_TIME_RULES } from './service-rules';

export interface RealTimeEndpointProps {
  /** Physical name: alarms and callers are keyed by it before the endpoint exists, so it can't be a token. */
  readonly endpointName: string;
  readonly model: CfnModel;
  /** The endpoint exists only while this holds. */
  readonly condition: CfnCondition;
  /** For example `ml.m5.large`. A new type under autoscaling takes two deployments: SageMaker refuses to change it. */
  readonly instanceType: string;
  /** Instances of a fleet at its creation; a canary or linear rollout needs 2. During a shift both fleets run. */
  readonly instanceCount: number;
  readonly rollout: Rollout;
  /** 1 to 10. Any of them in ALARM while traffic shifts sends all of it back to the old fleet. */
  readonly rollbackAlarms: readonly IAlarm[];
  /** Encrypts the volumes of the instances and what is captured. */
  readonly key: IKey;
  /** S3 prefix that captured requests and answers go to. */
  readonly captureUri: string;
  /**
   * Share of requests that is captured, 0 to 100. At 0 capture is off.
   * @default 100
   */
  readonly capturePercent?: number;
  /**
   * How long a container may take to become healthy, 60 seconds to an hour.
   * @default Duration.minutes(4)
   */
  readonly startup?: Duration;
  /**
   * How long the old fleet stays after all traffic has moved, at most an hour. Until then going back is instant.
   * @default Duration.minutes(5)
   */
  readonly terminationWait?: Duration;
}

/**
 * A real-time endpoint whose updates shift traffic by a rollout policy and undo themselves when an alarm goes off.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export class RealTimeEndpoint extends Resource implements IEndpoint {
  readonly endpointName: string;
  readonly endpointArn: string;
  readonly resource: CfnEndpoint;

  /** @throws InvalidInputError naming every rule of the service that the settings break */
  constructor(scope: Construct, id: string, props: RealTimeEndpointProps) {
    super(scope, id, { physicalName: props.endpointName });
    const {
      capturePercent = 100,
      startup = Duration.minutes(4),
      terminationWait = Duration.minutes(5),
      rollout,
      rollbackAlarms,
    } = props;
    const timing = { rollout, startup, terminationWait };
    this.check({
      ...props,
      capturePercent,
      startupSeconds: startup.toSeconds(),
      terminationWaitSeconds: terminationWait.toSeconds(),
      maximumExecutionSeconds: rolloutTiming(timing).maximumExecutionSeconds,
      rollbackAlarms: rollbackAlarms.length,
    });
    this.endpointName = props.endpointName;
    this.endpointArn = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'endpoint',
      // SageMaker compares names regardless of case, IAM doesn't: the ARN of an endpoint is in small letters.
      resourceName: props.endpointName.toLowerCase(),
    });

    // Unnamed: all of it but tags is create-only, so that a change has to make a new one beside the old.
    const config = new CfnEndpointConfig(this, 'Config', {
      productionVariants: [
        {
          variantName: PRODUCTION_VARIANT,
          modelName: props.model.attrModelName,
          instanceType: props.instanceType,
          initialInstanceCount: props.instanceCount,
          initialVariantWeight: 1,
          containerStartupHealthCheckTimeoutInSeconds: startup.toSeconds(),
        },
      ],
      kmsKeyId: hasLocalStorage(props.instanceType) ? undefined : props.key.keyArn,
      dataCaptureConfig: capturePercent > 0 ? capture(props, capturePercent) : undefined,
    });
    this.resource = new CfnEndpoint(this, 'Resource', {
      endpointName: props.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
      deploymentConfig: deploymentConfig({
        ...timing,
        rollbackAlarmNames: rollbackAlarms.map(({ alarmName }) => alarmName),
      }),
      // What autoscaling and operators set outlives an update; what is captured follows the config.
      retainAllVariantProperties: true,
      excludeRetainedVariantProperties: [{ variantPropertyType: 'DataCaptureConfig' }],
    });
    // A deployment that names an alarm which doesn't exist is refused. Alarms know the endpoint by its fixed name.
    for (const alarm of rollbackAlarms) this.resource.node.addDependency(alarm);
    for (const resource of [config, this.resource]) resource.cfnOptions.condition = props.condition;
  }

  get endpointRef(): { readonly endpointArn: string } {
    return { endpointArn: this.endpointArn };
  }

  /** Lets a principal call InvokeEndpoint on this endpoint and nothing else. */
  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpoint'],
      resourceArns: [this.endpointArn],
    });
  }

  private check(settings: Parameters<(typeof REAL_TIME_RULES)[number]['check']>[0]): void {
    const faults = new Faults();
    const at = (setting: string) => `${this.node.path}.${setting}`;
    faults.requireRange(at('instanceCount'), settings.instanceCount, [1, Number.MAX_SAFE_INTEGER], 'use at least one');
    for (const rule of REAL_TIME_RULES) rule.check(settings, at, faults);
    faults.throwIfAny(this.node.path);
  }
}

function capture(
  { captureUri, key }: RealTimeEndpointProps,
  initialSamplingPercentage: number,
): CfnEndpointConfig.DataCaptureConfigProperty {
  return {
    enableCapture: true,
    initialSamplingPercentage,
    destinationS3Uri: captureUri,
    kmsKeyId: key.keyArn,
    captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
    // Anything else is captured as base64.
    captureContentTypeHeader: { csvContentTypes: ['text/csv'], jsonContentTypes: ['application/json'] },
  };
}

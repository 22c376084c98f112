import { type CfnCondition, type Duration, Resource, Stack } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnEndpoint, CfnEndpointConfig, type CfnEndpointConfigProps, type IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { Rollout } from '../../config/rollout';
import { deploymentConfig, rolloutTiming } from './deployment-config';
import { outlivesRelease } from './outlives-release';
import type { DeploymentSettings, EndpointSettings } from './rules/service-rule';
import { checkServiceRules } from './service-rules';

/** What an endpoint is told, whatever its mode. */
export interface EndpointProps {
  /** Physical name: alarms and callers are keyed by it before the endpoint exists, so it can't be a token. */
  readonly endpointName: string;
  /** The endpoint exists only while this holds. */
  readonly condition: CfnCondition;
  readonly rollout: Rollout;
  /**
   * 1 to 10, or none if every guard is null. Any of them in ALARM while traffic shifts sends all of it back, unless the
   * rollout is `allAtOnce`.
   */
  readonly rollbackAlarms: readonly IAlarm[];
  /** Whether AWS Marketplace sells the model. Several features don't go with that. @default false */
  readonly marketplace?: boolean;
}

export interface ServingEndpointProps extends EndpointProps {
  readonly settings: Omit<EndpointSettings, 'deployment' | 'marketplace'>;
  readonly config: CfnEndpointConfigProps;
  readonly startup: Duration;
  readonly terminationWait: Duration;
  /**
   * What an update takes from the config; all else stays as autoscaling and people have set it.
   * @default - everything, where there are no instances to count
   */
  readonly takenFromConfig?: readonly ('DataCaptureConfig' | 'DesiredWeight')[];
  /** Whether fleets are replaced, or inference components on a fleet that stays. @default 'blueGreen' */
  readonly policy?: DeploymentSettings['policy'];
}

/**
 * What every endpoint has: a fixed name, an unnamed config, updates that undo themselves, and nothing that SageMaker
 * would refuse. Modes differ in what they put into the config.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export abstract class ServingEndpoint extends Resource implements IEndpoint {
  readonly endpointName: string;
  readonly endpointArn: string;
  readonly resource: CfnEndpoint;

  /** @throws InvalidInputError naming every rule of the service that the settings break */
  constructor(scope: Construct, id: string, props: ServingEndpointProps) {
    super(scope, id, { physicalName: props.endpointName });
    const { rollout, startup, terminationWait, rollbackAlarms, takenFromConfig, marketplace = false } = props;
    const { policy = 'blueGreen' } = props;
    const timing = { rollout, startup, terminationWait };
    checkServiceRules(this.node.path, {
      ...props.settings,
      marketplace,
      deployment: {
        rollout,
        policy,
        terminationWaitSeconds: terminationWait.toSeconds(),
        maximumExecutionSeconds: rolloutTiming(timing).maximumExecutionSeconds,
        rollbackAlarms: rollbackAlarms.length,
      },
    });
    this.endpointName = props.endpointName;
    this.endpointArn = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'endpoint',
      // SageMaker compares names regardless of case, IAM doesn't: the ARN of an endpoint is in small letters.
      resourceName: props.endpointName.toLowerCase(),
    });
    // Unnamed: all of it but tags is create-only, so that a change has to make a new one beside the old.
    const config = new CfnEndpointConfig(this, 'Config', props.config);
    outlivesRelease(config);
    this.resource = new CfnEndpoint(this, 'Resource', {
      endpointName: props.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
      deploymentConfig:
        policy === 'rolling'
          ? undefined
          : deploymentConfig({ ...timing, rollbackAlarmNames: rollbackAlarms.map(({ alarmName }) => alarmName) }),
      // What autoscaling and operators set outlives an update.
      ...(takenFromConfig && {
        retainAllVariantProperties: true,
        ...(takenFromConfig.length > 0 && {
          excludeRetainedVariantProperties: takenFromConfig.map((variantPropertyType) => ({ variantPropertyType })),
        }),
      }),
    });
    // A deployment that names an alarm which doesn't exist is refused. Alarms know the endpoint by its fixed name.
    for (const alarm of rollbackAlarms) this.resource.node.addDependency(alarm);
    for (const resource of [config, this.resource]) resource.cfnOptions.condition = props.condition;
  }

  get endpointRef(): { readonly endpointArn: string } {
    return { endpointArn: this.endpointArn };
  }

  /** Lets a principal call this endpoint and nothing else. */
  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: [this.invokeAction],
      resourceArns: [this.endpointArn],
    });
  }

  protected get invokeAction(): string {
    return 'sagemaker:InvokeEndpoint';
  }
}

import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { RealTimeEndpointProps } from '../../../../constructs/serving/real-time-endpoint';
import { granted, stack, statementsOf } from '../smallest';
import { alarms, blueGreen, canary, endpoint, guards } from './smallest-endpoint';

const ENDPOINT = 'AWS::SageMaker::Endpoint';
const CONFIG = 'AWS::SageMaker::EndpointConfig';

function template(props: Partial<RealTimeEndpointProps> = {}): Template {
  const scope = stack();
  endpoint(scope, props);
  return Template.fromStack(scope);
}

describe('RealTimeEndpoint', () => {
  test('has the name that it is given, for alarms and callers know it by that', () => {
    template().hasResourceProperties(ENDPOINT, { EndpointName: 'dev-churn' });
  });

  test('leaves its config unnamed, for every change makes a new one beside the old', () => {
    template().hasResourceProperties(CONFIG, { EndpointConfigName: Match.absent() });
  });

  test('exists only while there is a model', () => {
    for (const type of [ENDPOINT, CONFIG]) template().hasResource(type, { Condition: 'HasModel' });
  });

  test('comes after the alarms that its deployments name', () => {
    const scope = stack();
    endpoint(scope, { rollbackAlarms: alarms(scope, 2) });
    const made = Template.fromStack(scope);
    const names = Object.keys(made.findResources('AWS::CloudWatch::Alarm'));
    expect(names).toHaveLength(2);
    made.hasResource(ENDPOINT, {
      DependsOn: Match.arrayWith(names),
      Properties: {
        DeploymentConfig: {
          AutoRollbackConfiguration: { Alarms: names.map((Ref) => ({ AlarmName: { Ref } })) },
        },
      },
    });
  });

  test('keeps what autoscaling has set over an update, but not what is captured', () => {
    template().hasResourceProperties(ENDPOINT, {
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
    });
  });

  test('serves by one variant, as large as it is told', () => {
    template({ instanceCount: 3, instanceType: 'ml.c5.xlarge' }).hasResourceProperties(CONFIG, {
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          InstanceType: 'ml.c5.xlarge',
          InitialInstanceCount: 3,
          InitialVariantWeight: 1,
          ModelName: { 'Fn::GetAtt': ['Model', 'ModelName'] },
        },
      ],
    });
  });

  test('captures all requests and answers, encrypted, unless told otherwise', () => {
    const capture = (percent: number) => ({
      DataCaptureConfig: {
        EnableCapture: true,
        InitialSamplingPercentage: percent,
        DestinationS3Uri: 's3://capture/churn',
        KmsKeyId: Match.anyValue(),
        CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
        CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] },
      },
    });
    template().hasResourceProperties(CONFIG, capture(100));
    template({ capturePercent: 1 }).hasResourceProperties(CONFIG, capture(1));
  });

  test('captures nothing at 0 percent', () => {
    template({ capturePercent: 0 }).hasResourceProperties(CONFIG, { DataCaptureConfig: Match.absent() });
  });

  test('gives a container four minutes to become healthy unless told otherwise', () => {
    const health = (seconds: number) => ({
      ProductionVariants: [Match.objectLike({ ContainerStartupHealthCheckTimeoutInSeconds: seconds })],
    });
    template().hasResourceProperties(CONFIG, health(240));
    template({ startup: Duration.minutes(10) }).hasResourceProperties(CONFIG, health(600));
  });

  test('keeps the old fleet for five minutes unless told otherwise', () => {
    const wait = (seconds: number) => ({
      DeploymentConfig: { BlueGreenUpdatePolicy: { TerminationWaitInSeconds: seconds } },
    });
    template().hasResourceProperties(ENDPOINT, wait(300));
    template({ terminationWait: Duration.seconds(0) }).hasResourceProperties(ENDPOINT, wait(0));
  });

  test.each([
    ['ml.m5.large', Match.anyValue()],
    ['ml.c6i.large', Match.anyValue()],
    ['ml.inf2.xlarge', Match.anyValue()],
    ['ml.g4dn.xlarge', Match.absent()],
    ['ml.m5d.large', Match.absent()],
    ['ml.g5.xlarge', Match.absent()],
    ['ml.p5en.48xlarge', Match.absent()],
    ['ml.trn1n.32xlarge', Match.absent()],
    ['ml.g7e.2xlarge', Match.absent()],
    ['ml.p6-b200.48xlarge', Match.absent()],
    ['ml.p6e-gb200.36xlarge', Match.absent()],
    ['ml.p3.2xlarge', Match.anyValue()],
  ])('encrypts the volumes of %s unless they are its own disks', (instanceType, KmsKeyId) => {
    template({ instanceType }).hasResourceProperties(CONFIG, { KmsKeyId });
  });

  test('lets a principal call this endpoint, by its name in small letters, and do nothing else', () => {
    const calling = granted(
      (scope) => (grantee) => endpoint(scope, { endpointName: 'Dev-Churn' }).grantInvoke(grantee),
    );
    expect(statementsOf(calling)).toEqual([
      {
        Effect: 'Allow',
        Action: 'sagemaker:InvokeEndpoint',
        Resource: 'arn:aws:sagemaker:eu-west-1:111111111111:endpoint/dev-churn',
      },
    ]);
  });

  test.each([0, -1, Number.NaN])('refuses %d instances', (instanceCount) => {
    expect(() => template({ instanceCount, rollout: blueGreen() })).toThrow(
      `Test/Endpoint.instanceCount: must be 1 to ${Number.MAX_SAFE_INTEGER}, got ${instanceCount}; use at least one`,
    );
  });

  test('names every rule of the service that the settings break, at once', () => {
    const wrong = () =>
      template({
        rollbackAlarms: [],
        capturePercent: 101,
        startup: Duration.seconds(59),
        rollout: canary({ percent: 51, guards: { ...guards, errorRatePercent: 60 } }),
      });
    expect(wrong).toThrow(/^Test\/Endpoint: 5 problems/);
    expect(wrong).toThrow('Test/Endpoint.rollbackAlarms: must be 1 to 10, got 0');
    expect(wrong).toThrow('Test/Endpoint.startup: must be 60 to 3600, got 59');
  });
});

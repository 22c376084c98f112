import { Template } from 'aws-cdk-lib/assertions';
import { BacklogScaling } from '../../../../constructs/serving/backlog-scaling';
import { ConcurrencyScaling } from '../../../../constructs/serving/concurrency-scaling';
import { ProvisionedConcurrencyScaling } from '../../../../constructs/serving/provisioned-concurrency-scaling';
import { stack } from '../smallest';
import { endpoint } from './smallest-endpoint';

type Kind = new (scope: ReturnType<typeof stack>, id: string, props: never) => object;

function template(kind: Kind, props: object): Template {
  const scope = stack();
  const served = endpoint(scope);
  new kind(scope, 'Scaling', { endpoint: served, condition: served.resource.cfnOptions.condition, ...props } as never);
  return Template.fromStack(scope);
}

const instances = { minInstances: 2, maxInstances: 4 };
const concurrency = { minConcurrency: 1, maxConcurrency: 4 };

describe('the bounds of a scaling', () => {
  test.each([
    [ConcurrencyScaling, instances, 'requestsPerModel'],
    [BacklogScaling, instances, 'backlogPerInstance'],
  ])('%p: a target is above 0', (kind, rest, setting) => {
    expect(() => template(kind, { ...rest, [setting]: 0.5 })).not.toThrow();
    for (const value of [0, -1, Number.NaN]) {
      expect(() => template(kind, { ...rest, [setting]: value })).toThrow(
        `Test/Scaling.${setting}: must be above 0, got ${value}`,
      );
    }
  });

  test.each([0, -1, 101, Number.NaN])('refuse a utilisation of %d percent', (utilizationPercent) => {
    expect(() => template(ProvisionedConcurrencyScaling, { ...concurrency, utilizationPercent })).toThrow(
      `Test/Scaling.utilizationPercent: must be 1 to 100, got ${utilizationPercent}`,
    );
  });

  test.each([1, 100])('take a utilisation of %d percent', (utilizationPercent) => {
    expect(() => template(ProvisionedConcurrencyScaling, { ...concurrency, utilizationPercent })).not.toThrow();
  });

  test('refuse a serverless endpoint without provisioned concurrency, which scales by itself', () => {
    expect(() => template(ProvisionedConcurrencyScaling, { ...concurrency, minConcurrency: 0 })).toThrow(
      'Test/Scaling.minConcurrency: must be 1 to 9007199254740991, got 0; without provisioned concurrency there is nothing to scale',
    );
  });

  test('refuse no instances where the caller waits, and take none where a queue does', () => {
    const none = { minInstances: 0, maxInstances: 4 };
    expect(() => template(ConcurrencyScaling, { ...none, requestsPerModel: 1 })).toThrow(
      'Test/Scaling.minInstances: must be 1 to',
    );
    expect(() => template(BacklogScaling, none)).not.toThrow();
    for (const minInstances of [-1, Number.NaN]) {
      expect(() => template(BacklogScaling, { ...none, minInstances })).toThrow('Test/Scaling.minInstances');
    }
    expect(() => template(BacklogScaling, { minInstances: 0, maxInstances: 0 })).toThrow(
      'Test/Scaling.maxInstances: must be 1 to',
    );
  });

  test('let 5 requests wait for an instance unless told otherwise', () => {
    const value = (TargetValue: number) => ({ TargetTrackingScalingPolicyConfiguration: { TargetValue } });
    const type = 'AWS::ApplicationAutoScaling::ScalingPolicy';
    template(BacklogScaling, instances).hasResourceProperties(type, value(5));
    template(BacklogScaling, { ...instances, backlogPerInstance: 2.5 }).hasResourceProperties(type, value(2.5));
  });
});

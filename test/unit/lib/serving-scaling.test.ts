import { Match } from 'aws-cdk-lib/assertions';
import { app } from '../constructs/smallest';
import { servingStage, servingTemplate } from './serving-modes';

const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

describe('the scaling of a serving stack', () => {
  const stage = servingStage(app(), {
    realtime: { autoscaling: { kind: 'concurrency', requestsPerModel: 4 } },
    serverless: { autoscaling: { kind: 'provisionedConcurrency', min: 1, max: 4 } },
  });

  test('is what the model says', () => {
    servingTemplate(stage, 'realtime').hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyName: 'ConcurrentRequestsPerModel',
    });
    servingTemplate(stage, 'serverless').hasResourceProperties(TARGET, { MinCapacity: 1, MaxCapacity: 4 });
  });

  test('of a queue goes to nothing by default', () => {
    servingTemplate(stage, 'asynchronous').hasResourceProperties(TARGET, { MinCapacity: 0, MaxCapacity: 2 });
  });

  // SageMaker changes the type of instances, and takes a challenger away, only where nothing is registered.
  test.each(['realtime', 'asynchronous', 'multi-variant'] as const)('of %s has no target where it is none', (mode) => {
    const still = servingTemplate(servingStage(app(), { [mode]: { autoscaling: { kind: 'none' } } }, [mode]), mode);
    still.resourceCountIs(TARGET, 0);
    still.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 0);
    still.resourceCountIs('AWS::SageMaker::Endpoint', 1);
  });

  test('outlives updates: instances that it has set are retained', () => {
    for (const mode of ['realtime', 'asynchronous'] as const) {
      const [endpoint = {}] = Object.values(servingTemplate(stage, mode).findResources('AWS::SageMaker::Endpoint'));
      const { RetainAllVariantProperties, ExcludeRetainedVariantProperties: excluded = [] } = endpoint['Properties'];
      expect(RetainAllVariantProperties).toBe(true);
      expect(excluded).not.toContainEqual({ VariantPropertyType: 'DesiredInstanceCount' });
    }
  });

  test('changes its bounds after the endpoint has: an update that is rolled back leaves them', () => {
    servingTemplate(stage, 'realtime').hasResource(TARGET, {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^Endpoint')]),
    });
  });

  test('is none of a serverless endpoint that says nothing, which scales by itself', () => {
    servingTemplate(servingStage(app(), {}, ['serverless']), 'serverless').resourceCountIs(TARGET, 0);
  });
});

describe('the batches of a serving stack', () => {
  const batch = (schedule?: string) =>
    servingTemplate(
      servingStage(app(), { batch: { serving: { mode: 'batch', ...(schedule !== undefined && { schedule }) } } }),
      'batch',
    );

  test('run by the clock only where the model says when', () => {
    batch('rate(1 day)').hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 day)' });
    batch().resourceCountIs('AWS::Scheduler::Schedule', 0);
  });
});

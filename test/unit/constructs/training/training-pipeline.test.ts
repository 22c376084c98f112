import { CfnOutput } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  type PipelineScheduleOptions,
  TrainingPipeline,
  type TrainingPipelineProps,
} from '../../../../constructs/training/training-pipeline';
import { actionsOf, granted, role, stack, statementsOf } from '../smallest';

const type = 'AWS::SageMaker::Pipeline';
const arn = 'arn:aws:sagemaker:eu-west-1:111111111111:pipeline/dev-flight-delay';

function pipeline(scope = stack(), props: Partial<TrainingPipelineProps> = {}): TrainingPipeline {
  return new TrainingPipeline(scope, 'Pipeline', {
    pipelineName: 'dev-flight-delay',
    definition: { Version: '2020-12-01', Steps: [] },
    role: role(scope, 'PipelineRole'),
    ...props,
  });
}

function template(props: Partial<TrainingPipelineProps> = {}): Template {
  const scope = stack();
  pipeline(scope, props);
  return Template.fromStack(scope);
}

describe('TrainingPipeline', () => {
  test('is named as told, for the command line finds it by its name', () => {
    template().hasResourceProperties(type, { PipelineName: 'dev-flight-delay' });
  });

  test('holds the definition as one string, with numbers as they are', () => {
    template({ definition: { Version: '2020-12-01', Steps: [], Ratio: 0.5 } }).hasResourceProperties(type, {
      PipelineDefinition: { PipelineDefinitionBody: '{"Version":"2020-12-01","Steps":[],"Ratio":0.5}' },
    });
  });

  test('leaves what only CloudFormation knows to CloudFormation', () => {
    const scope = stack();
    pipeline(scope, { definition: { RoleArn: role(scope, 'Jobs').roleArn } });
    Template.fromStack(scope).hasResourceProperties(type, {
      PipelineDefinition: {
        PipelineDefinitionBody: {
          'Fn::Join': ['', ['{"RoleArn":"', { 'Fn::GetAtt': [Match.anyValue(), 'Arn'] }, '"}']],
        },
      },
    });
  });

  test('runs five steps at a time unless told otherwise', () => {
    const parallel = (steps: number) => ({ ParallelismConfiguration: { MaxParallelExecutionSteps: steps } });
    template().hasResourceProperties(type, parallel(5));
    template({ maxParallelExecutionSteps: 1 }).hasResourceProperties(type, parallel(1));
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses %d steps at a time', (maxParallelExecutionSteps) => {
    expect(() => template({ maxParallelExecutionSteps })).toThrow(
      `Test/Pipeline.maxParallelExecutionSteps: must be a whole number above 0, got ${maxParallelExecutionSteps}; raise it`,
    );
  });

  test('has no description unless told otherwise', () => {
    template().hasResourceProperties(type, { PipelineDescription: Match.absent() });
    template({ description: 'Late?' }).hasResourceProperties(type, { PipelineDescription: 'Late?' });
  });

  test('has an ARN that needs no reference to the pipeline', () => {
    const scope = stack();
    new CfnOutput(scope, 'Arn', { value: pipeline(scope).pipelineArn });
    Template.fromStack(scope).hasOutput('Arn', { Value: arn });
  });

  describe('schedule', () => {
    function scheduled(options?: PipelineScheduleOptions): Template {
      const scope = stack();
      pipeline(scope).addSchedule('Schedule', 'cron(0 3 ? * MON *)', options);
      return Template.fromStack(scope);
    }

    const queueId = () => Object.keys(scheduled().findResources('AWS::SQS::Queue'))[0];

    test('starts this pipeline, keeps what was not started, and may do nothing else', () => {
      scheduled().hasResourceProperties('AWS::Scheduler::Schedule', {
        ScheduleExpression: 'cron(0 3 ? * MON *)',
        Target: { Arn: arn },
      });
      expect(statementsOf(scheduled())).toEqual([
        { Action: 'sagemaker:StartPipelineExecution', Effect: 'Allow', Resource: arn },
        { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: { 'Fn::GetAtt': [queueId(), 'Arn'] } },
      ]);
    });

    test('gives up after an hour, keeps a start that failed for two weeks, and tells of it', () => {
      const action = { bind: () => ({ alarmActionArn: 'arn:aws:sns:eu-west-1:111111111111:somebody' }) };
      const made = scheduled({ alarmAction: action });
      made.hasResourceProperties('AWS::Scheduler::Schedule', {
        Target: {
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queueId(), 'Arn'] } },
          RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
        },
      });
      made.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
      made.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmActions: ['arn:aws:sns:eu-west-1:111111111111:somebody'],
        AlarmDescription: Match.stringLikeRegexp('^dev-flight-delay: a scheduled execution was not started'),
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queueId(), 'QueueName'] } }],
        TreatMissingData: 'notBreaching',
      });
      scheduled().hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() });
    });

    test('is on unless told otherwise', () => {
      scheduled().hasResourceProperties('AWS::Scheduler::Schedule', { State: 'ENABLED' });
      scheduled({ enabled: false }).hasResourceProperties('AWS::Scheduler::Schedule', { State: 'DISABLED' });
    });
  });

  describe('grants', () => {
    test('starting', () => {
      const started = granted((scope) => (grantee) => pipeline(scope).grantStartPipelineExecution(grantee));
      expect(statementsOf(started)).toEqual([
        { Action: 'sagemaker:StartPipelineExecution', Effect: 'Allow', Resource: arn },
      ]);
    });

    test('reading, not starting', () => {
      const reading = granted((scope) => (grantee) => pipeline(scope).grantRead(grantee));
      expect(actionsOf(reading)).toEqual([
        'sagemaker:DescribePipeline',
        'sagemaker:DescribePipelineDefinitionForExecution',
        'sagemaker:DescribePipelineExecution',
        'sagemaker:ListPipelineExecutionSteps',
        'sagemaker:ListPipelineExecutions',
        'sagemaker:ListPipelineParametersForExecution',
      ]);
    });

    test('operating, not changing', () => {
      const operating = granted((scope) => (grantee) => pipeline(scope).grantOperate(grantee));
      expect(actionsOf(operating)).toEqual([
        'sagemaker:RetryPipelineExecution',
        'sagemaker:StartPipelineExecution',
        'sagemaker:StopPipelineExecution',
      ]);
    });
  });
});

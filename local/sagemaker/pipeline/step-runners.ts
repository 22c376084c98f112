import type { JsonObject } from '../../../core/json';
import { text } from '../job/text';
import { bestFirst, type TrialSummary } from '../job/tuning/trial';
import { trialsOf } from '../job/tuning-job';
import { conditionStep } from './condition-step';
import type { StepDefinition } from './definition';
import { failStep } from './fail-step';
import { jobStep, outputUris } from './job-step';
import { modelStep } from './model-step';
import { qualityCheckStep } from './quality-check-step';
import { registerModelStep } from './register-model-step';
import type { StepRunner } from './step-runner';
import type { StepType } from './step-type';

/** A type of step that a laptop doesn't run, and why. */
export interface Refusal {
  readonly refused: string;
}

/**
 * What each type of step does here. Total: a type that nobody has decided about doesn't compile. The cache keys are
 * those of the service.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-default-keys.html
 */
export const STEP_RUNNERS: Readonly<Record<StepType, StepRunner | Refusal>> = {
  Processing: jobStep({
    noun: 'ProcessingJob',
    metadata: 'ProcessingJob',
    cacheKey: ['Arguments.AppSpecification', 'Arguments.Environment', 'Arguments.ProcessingInputs'],
    outputs: outputUris,
  }),
  Training: jobStep({
    noun: 'TrainingJob',
    metadata: 'TrainingJob',
    cacheKey: [
      'Arguments.AlgorithmSpecification',
      'Arguments.CheckpointConfig',
      'Arguments.DebugHookConfig',
      'Arguments.DebugRuleConfigurations',
      'Arguments.Environment',
      'Arguments.HyperParameters',
      'Arguments.InputDataConfig',
    ],
    outputs: ({ ModelArtifacts }) => [text((ModelArtifacts as JsonObject).S3ModelArtifacts)],
  }),
  Tuning: jobStep({
    noun: 'HyperParameterTuningJob',
    metadata: 'TuningJob',
    cacheKey: [
      'Arguments.HyperParameterTuningJobConfig',
      'Arguments.TrainingJobDefinition.AlgorithmSpecification',
      'Arguments.TrainingJobDefinition.HyperParameterRanges',
      'Arguments.TrainingJobDefinition.InputDataConfig',
      'Arguments.TrainingJobDefinition.StaticHyperParameters',
      'Arguments.TrainingJobDefinition.TuningObjective',
      'Arguments.TrainingJobDefinitions',
    ],
    outputs: ({ TrainingJobDefinition, BestTrainingJob }) => {
      const { OutputDataConfig } = TrainingJobDefinition as { readonly OutputDataConfig: JsonObject };
      const best = text((BestTrainingJob as JsonObject).TrainingJobName);
      return [`${text(OutputDataConfig.S3OutputPath).replace(/\/+$/, '')}/${best}/output/model.tar.gz`];
    },
    more: async ({ context }, name) => {
      const summaries: readonly TrialSummary[] = trialsOf(context).get(name)?.summaries ?? [];
      return { TrainingJobSummaries: bestFirst(summaries).slice(0, 50) };
    },
  }),
  Transform: jobStep({
    noun: 'TransformJob',
    metadata: 'TransformJob',
    cacheKey: ['Arguments.DataProcessing', 'Arguments.Environment', 'Arguments.ModelName', 'Arguments.TransformInput'],
    outputs: ({ TransformOutput }) => [text((TransformOutput as JsonObject).S3OutputPath)],
  }),
  Model: modelStep,
  RegisterModel: registerModelStep,
  QualityCheck: qualityCheckStep,
  Condition: conditionStep,
  Fail: failStep,
  Lambda: { refused: 'the executor reaches no Lambda functions' },
  Callback: { refused: 'the executor sends no SQS messages' },
  ClarifyCheck: { refused: "SageMaker Clarify's image runs in an account only" },
  EMR: { refused: 'there is no EMR cluster' },
  EMRServerless: { refused: 'there is no EMR Serverless application' },
  AutoML: { refused: 'Autopilot runs in an account only' },
  EndpointConfig: { refused: 'endpoints belong to the serving stack' },
  Endpoint: { refused: 'endpoints belong to the serving stack' },
  InferenceComponent: { refused: 'endpoints belong to the serving stack' },
  Lineage: { refused: 'there is no lineage store' },
  BedrockCustomModel: { refused: 'Bedrock runs in an account only' },
  BedrockCustomModelDeployment: { refused: 'Bedrock runs in an account only' },
  BedrockModelImport: { refused: 'Bedrock runs in an account only' },
  BedrockProvisionedModelThroughput: { refused: 'Bedrock runs in an account only' },
};

/** Messages about everything in the steps that can't be run here; none if all can. */
export function unsupportedSteps(steps: readonly StepDefinition[]): string[] {
  return steps.flatMap((step) => {
    const runner = STEP_RUNNERS[step.Type];
    const where = `Steps.${step.Name}`;
    if ('refused' in runner)
      return [
        `${where}: a laptop can't run steps of type ${step.Type}, ${runner.refused}; run this pipeline in an account`,
      ];
    return [...(runner.unsupported?.(step, `${where}.Arguments`) ?? [])];
  });
}

/** @throws Error if the type is refused: executions don't start with such steps */
export function runnerOf({ Type }: StepDefinition): StepRunner {
  const runner = STEP_RUNNERS[Type];
  if ('refused' in runner) throw new Error(`no runner for ${Type}`);
  return runner;
}

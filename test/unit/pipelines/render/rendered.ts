import {
  type ProcessingOptions,
  pipeline,
  processing,
  type TrainingOptions,
  type TuningOptions,
} from '../../../../pipelines/builder';
import type { Parameter, Runtime, Step } from '../../../../pipelines/definition';
import { renderSageMaker } from '../../../../pipelines/render/sagemaker';
import type { StepDefinition } from '../../../../pipelines/sagemaker/definition';
import { ROLE } from '../smallest';

export const compute = { instanceType: 'ml.m5.large' };
export const RUNTIME = {
  image: 'image',
  identity: ROLE,
  workspaceUri: 's3://work/churn',
  modelsUri: 's3://models/churn',
};
export const fit: TrainingOptions = { compute, script: 'train.py', channels: { train: 's3://bucket/train' } };
export const search: TuningOptions = {
  ...fit,
  objective: { metric: 'auc', direction: 'maximize' },
  maxJobs: 4,
  ranges: { depth: { kind: 'integer', min: 1, max: 3, scaling: 'Auto' } },
};
export const registration = { group: 'churn', model: 's3://bucket/model.tar.gz', script: 'serve.py' };
export const check = { compute, image: 'monitor', dataset: 's3://bucket/data', format: 'csv', group: 'churn' } as const;

export function render(
  steps: readonly Step[],
  runtime: Partial<Runtime> = {},
  parameters: readonly Parameter[] = [],
): readonly StepDefinition[] {
  return renderSageMaker(pipeline('test', { steps, parameters, runtime: { ...RUNTIME, ...runtime } })).Steps;
}

/** The one step that is made of these options. */
export function prepared(
  options: Partial<ProcessingOptions<string, string>> = {},
  runtime: Partial<Runtime> = {},
): StepDefinition | undefined {
  return render([processing('A', { compute, script: 'churn/a.py', ...options })], runtime)[0];
}

import type { Runtime, TrainingStep } from '../../definition';
import { type Step, step } from '../../sagemaker/step';
import { jobOptions } from './common';
import { hyperparameters, trainingJob } from './training-job';
import type { Values } from './values';

export function training(definition: TrainingStep, runtime: Runtime, values: Values): Step {
  return step(
    'Training',
    definition.name,
    { ...trainingJob(definition, runtime, values), HyperParameters: hyperparameters(definition, values) },
    jobOptions(definition),
  );
}

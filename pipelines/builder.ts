export { batchTransform } from './builder/batch-transform';
/** Everything that a pipeline is written with, for any engine. */
export { type ConditionOptions, condition } from './builder/condition';
export { fail } from './builder/fail';
export { type PipelineOptions, pipeline } from './builder/pipeline';
export { type ProcessingOptions, processing } from './builder/processing';
export { type QualityCheckOptions, qualityCheck } from './builder/quality-check';
export { type RegisterOptions, register } from './builder/register';
export { type TrainingOptions, training } from './builder/training';
export { type TuningOptions, tuning } from './builder/tuning';
export { execution, parameter, text } from './builder/values';

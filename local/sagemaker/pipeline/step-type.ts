/** Every type of step that a pipeline definition may hold. */
export const STEP_TYPES = [
  'Processing',
  'Training',
  'Tuning',
  'Transform',
  'Model',
  'RegisterModel',
  'Condition',
  'Fail',
  'Lambda',
  'Callback',
  'QualityCheck',
  'ClarifyCheck',
  'EMR',
  'EMRServerless',
  'AutoML',
  'EndpointConfig',
  'Endpoint',
  'InferenceComponent',
  'Lineage',
  'BedrockCustomModel',
  'BedrockCustomModelDeployment',
  'BedrockModelImport',
  'BedrockProvisionedModelThroughput',
] as const;
export type StepType = (typeof STEP_TYPES)[number];

export function isStepType(type: string): type is StepType {
  return (STEP_TYPES as readonly string[]).includes(type);
}

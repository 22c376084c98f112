import type { Parameter, PipelineDefinition, Step } from '../definition';
import { defineSageMakerPipeline } from '../sagemaker/define';
import type { SageMakerDefinition } from '../sagemaker/definition';
import {
  booleanParameter,
  floatParameter,
  integerParameter,
  type Parameter as SageMakerParameter,
  stringParameter,
} from '../sagemaker/parameter';
import type { Step as SageMakerStep } from '../sagemaker/step';
import { batchTransform } from './sagemaker-steps/batch-transform';
import { condition } from './sagemaker-steps/condition';
import { fail } from './sagemaker-steps/fail';
import { processing } from './sagemaker-steps/processing';
import { qualityCheck } from './sagemaker-steps/quality-check';
import { register } from './sagemaker-steps/register';
import { training } from './sagemaker-steps/training';
import { tuning } from './sagemaker-steps/tuning';
import { Values } from './sagemaker-steps/values';

/**
 * The definition that SageMaker receives. Hand it to a `TrainingPipeline`.
 * @throws InvalidInputError naming everything that SageMaker would refuse
 */
export function renderSageMaker(definition: PipelineDefinition): SageMakerDefinition {
  const { name, parameters, steps, runtime } = definition;
  const values = new Values(definition);

  function render(step: Step): SageMakerStep | SageMakerStep[] {
    switch (step.kind) {
      case 'processing':
        return processing(step, runtime, values);
      case 'training':
        return training(step, runtime, values);
      case 'tuning':
        return tuning(step, runtime, values);
      case 'qualityCheck':
        return qualityCheck(step, runtime, values);
      case 'batchTransform':
        return batchTransform(step, runtime, values);
      case 'register':
        return register(step, runtime, values);
      case 'condition':
        return condition(step, values, render);
      default:
        return fail(step, values);
    }
  }

  return defineSageMakerPipeline({ name, parameters: parameters.map(parameterOf), steps: steps.flatMap(render) });
}

function parameterOf({ name, type, defaultValue, values: enumValues }: Parameter): SageMakerParameter {
  switch (type) {
    case 'integer':
      return integerParameter(name, { defaultValue: defaultValue as number });
    case 'float':
      return floatParameter(name, { defaultValue: defaultValue as number });
    case 'boolean':
      return booleanParameter(name, { defaultValue: defaultValue as boolean });
    default:
      return stringParameter(name, { defaultValue: defaultValue as string, enumValues });
  }
}

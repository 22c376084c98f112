import type { Faults } from '../../../core/faults';
import { checkShape } from '../../shape/check-shape';
import { DOCUMENT, list, STRING, structure } from '../../shape/schema';
import { show } from '../../shape/show';
import type { SageMakerDefinition } from '../definition';
import { checkArguments } from './check-arguments';
import { checkCondition } from './check-condition';
import { checkDependencies } from './check-dependencies';
import { checkParameters } from './check-parameters';
import { checkServiceRules } from './check-service-rules';
import { checkStepMembers } from './check-step-members';
import { indexDefinition } from './definition-index';
import { References } from './references';
import { fits } from './value-kind';

/** In characters. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePipeline.html */
export const LARGEST_DEFINITION = 1_048_576;

const DEFINITION = structure(
  'Definition',
  { Version: STRING, Steps: list(DOCUMENT) },
  {
    Metadata: DOCUMENT,
    Parameters: list(
      structure('Parameter', { Name: STRING, Type: STRING }, { DefaultValue: DOCUMENT, EnumValues: list(STRING) }),
    ),
    PipelineExperimentConfig: structure('PipelineExperimentConfig', { ExperimentName: DOCUMENT, TrialName: DOCUMENT }),
  },
);

/**
 * Adds a fault for everything in a definition that SageMaker would refuse, when it takes the definition or, worse, when
 * the step runs. Tokens of the CDK are taken on trust.
 * @param given a definition, whoever wrote it
 */
export function checkDefinition(given: object, faults: Faults): void {
  const before = faults.messages.length;
  checkShape(DEFINITION, given, 'definition', faults);
  if (faults.messages.length > before) return;
  const definition = { Parameters: [], ...given } as unknown as SageMakerDefinition;
  const index = indexDefinition(definition, faults);
  const references = new References(index, faults);
  checkParameters(definition.Parameters, faults);
  checkExperiment(definition, references, faults);
  if (definition.Steps.length === 0) faults.add('Steps', 'a pipeline needs at least one step, got none', 'add one');
  for (const { definition: step } of index.steps.values()) {
    if (!checkStepMembers(step, references, faults)) continue;
    if (step.Type === 'Condition') checkCondition(step, references, faults);
    else checkArguments(step, references, index, faults);
    checkServiceRules(step, faults);
  }
  checkDependencies(references.dependencies, index, faults);
  const { length } = JSON.stringify(given);
  if (length > LARGEST_DEFINITION)
    faults.add(
      'definition',
      `must have at most ${LARGEST_DEFINITION} characters, got ${length}`,
      'split the pipeline, or move long arguments into files',
    );
}

function checkExperiment(
  { PipelineExperimentConfig }: SageMakerDefinition,
  references: References,
  faults: Faults,
): void {
  for (const [member, value] of Object.entries(PipelineExperimentConfig ?? {})) {
    const where = `PipelineExperimentConfig.${member}`;
    const kind = references.checkValue(value, OF_THE_PIPELINE, where);
    if (kind !== undefined && !fits(kind, 'string'))
      faults.add(where, `must be a string, got ${show(value)}`, 'write a string');
  }
  for (const { from, to, where } of references.dependencies)
    if (from === OF_THE_PIPELINE)
      faults.add(
        where,
        `is needed before any step runs, got a reference to ${to}`,
        'read a parameter or a variable of the execution',
      );
}
/** In place of the step that holds a reference. */
const OF_THE_PIPELINE = '';

import * as sageMaker from '@aws-sdk/client-sagemaker';
import { Faults } from '../../../core/faults';
import { InvalidInputError } from '../../../core/invalid-input-error';
import type { Json, JsonObject } from '../../../core/json';
import { checkShape } from '../../../pipelines/shape/check-shape';
import { ServiceError } from '../service-error';
import { checkStructure } from './check-structure';
import { allSteps, branchesOf, type Definition, type StepDefinition } from './definition';
import { parseDuration } from './duration';
import { ancestors, type Graph, graphOf } from './graph';
import { hasType } from './parameters';
import { functionOf, getsIn, parseGet } from './reference';
import { isStepType, STEP_TYPES, type StepType } from './step-type';

const LONGEST_DEFINITION = 1_048_576;
/** The request that a step's Arguments are, and its members that the service fills in. */
const REQUESTS: Partial<
  Readonly<Record<StepType, { readonly schema: unknown; readonly optional: readonly string[] }>>
> = {
  Processing: { schema: sageMaker.CreateProcessingJobRequest$, optional: ['ProcessingJobName'] },
  QualityCheck: { schema: sageMaker.CreateProcessingJobRequest$, optional: ['ProcessingJobName'] },
  Training: { schema: sageMaker.CreateTrainingJobRequest$, optional: ['TrainingJobName'] },
  Tuning: { schema: sageMaker.CreateHyperParameterTuningJobRequest$, optional: ['HyperParameterTuningJobName'] },
  Transform: { schema: sageMaker.CreateTransformJobRequest$, optional: ['TransformJobName'] },
  Model: { schema: sageMaker.CreateModelInput$, optional: ['ModelName'] },
  RegisterModel: { schema: sageMaker.CreateModelPackageInput$, optional: [] },
};
const EXECUTION_VARIABLES = [
  'StartDateTime',
  'CurrentDateTime',
  'PipelineName',
  'PipelineArn',
  'PipelineExecutionId',
  'PipelineExecutionArn',
  'TrainingJobName',
  'ProcessingJobName',
];

/** Reads a definition that was checked when the pipeline was made. @throws InvalidInputError */
export function parseDefinition(body: string): Definition {
  return definitionOf(parse(body));
}

/**
 * Reads a pipeline definition and checks what can be checked before it runs.
 * @throws ServiceError ValidationException that lists everything that is wrong
 */
export function readDefinition(body: string): Definition {
  try {
    return check(parse(body));
  } catch (error) {
    if (error instanceof InvalidInputError) throw new ServiceError('ValidationException', error.message);
    throw error;
  }
}

function parse(body: string): JsonObject {
  if (body.length > LONGEST_DEFINITION)
    throw new InvalidInputError(
      'PipelineDefinition',
      `has ${body.length} characters, at most ${LONGEST_DEFINITION} are legal`,
      'split the pipeline',
    );
  try {
    const value = JSON.parse(body) as Json;
    if (typeof value === 'object' && value !== null && Array.isArray((value as JsonObject).Steps))
      return value as JsonObject;
  } catch (error) {
    throw new InvalidInputError('PipelineDefinition', `isn't JSON, got ${(error as Error).message}`, 'correct it', {
      cause: error,
    });
  }
  throw new InvalidInputError(
    'PipelineDefinition',
    `must be an object with a list Steps, got ${body.slice(0, 80)}`,
    'add it',
  );
}

function definitionOf(raw: JsonObject): Definition {
  return {
    Parameters: raw.Parameters ?? [],
    PipelineExperimentConfig: raw.PipelineExperimentConfig ?? {},
    Steps: raw.Steps,
  } as unknown as Definition;
}

function check(raw: JsonObject): Definition {
  const faults = new Faults();
  checkStructure(raw, faults);
  faults.throwIfAny('PipelineDefinition');
  const definition = definitionOf(raw);
  if (raw.Version !== '2020-12-01')
    faults.add('Version', `must be 2020-12-01, got ${JSON.stringify(raw.Version) ?? 'nothing'}`, 'write that version');
  checkParameters(definition, faults);
  if (definition.Steps.length === 0) faults.add('Steps', 'must hold a step, got none', 'add one');
  const steps = allSteps(definition.Steps);
  for (const step of steps) checkStep(step, faults);
  const names = steps.map(({ Name }) => Name);
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i)))
    faults.add(`Steps.${name}`, 'stands twice in the definition', 'rename one of them');
  faults.throwIfAny('PipelineDefinition');
  const graph = graphOf(definition);
  checkReferences(definition, graph, faults);
  faults.throwIfAny('PipelineDefinition');
  return definition;
}

function checkParameters({ Parameters }: Definition, faults: Faults): void {
  for (const { Name, Type, DefaultValue } of Parameters) {
    const where = `Parameters.${Name}`;
    if (!['String', 'Integer', 'Float', 'Boolean'].includes(Type))
      faults.add(where, `Type must be String, Integer, Float or Boolean, got ${Type}`, 'choose one');
    else if (DefaultValue !== undefined && !hasType(DefaultValue, Type))
      faults.add(where, `DefaultValue must be of type ${Type}, got ${JSON.stringify(DefaultValue)}`, 'correct it');
    if (Parameters.filter((other) => other.Name === Name).length > 1)
      faults.add(where, 'stands twice in the definition', 'rename one of them');
  }
}

function checkStep(step: StepDefinition, faults: Faults): void {
  const where = `Steps.${step.Name}`;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(step.Name))
    faults.add(where, `Name must be 1 to 64 of A-Z a-z 0-9 _ -, got ${JSON.stringify(step.Name)}`, 'rename it');
  if (!isStepType(step.Type)) {
    faults.add(where, `Type must be one of ${STEP_TYPES.join(', ')}, got ${JSON.stringify(step.Type)}`, 'choose one');
    return;
  }
  const request = REQUESTS[step.Type];
  if (request)
    checkShape(request.schema, step.Arguments, where, faults, {
      optional: request.optional,
      // A reference stands for a single value only.
      accepts: (value, shape) =>
        shape.kind !== 'structure' &&
        shape.kind !== 'list' &&
        shape.kind !== 'map' &&
        functionOf(value as Json) !== undefined,
    });
  const { ExpireAfter } = step.CacheConfig ?? {};
  if (ExpireAfter !== undefined && parseDuration(ExpireAfter) === undefined)
    faults.add(
      `${where}.CacheConfig`,
      `ExpireAfter must be an ISO 8601 duration, got ${ExpireAfter}`,
      'write it like P30D',
    );
  for (const { MaxAttempts, ExpireAfterMin } of step.RetryPolicies ?? [])
    if (MaxAttempts !== undefined && ExpireAfterMin !== undefined)
      faults.add(`${where}.RetryPolicies`, 'may have MaxAttempts or ExpireAfterMin, got both', 'remove one of them');
}

function checkReferences(definition: Definition, graph: Graph, faults: Faults): void {
  for (const { step, dependencies } of graph.values()) {
    const where = `Steps.${step.Name}`;
    for (const name of dependencies) {
      const other = graph.get(name)?.step;
      if (!other)
        faults.add(where, `depends on step ${name}, which isn't there`, `use one of ${[...graph.keys()].join(', ')}`);
      else if (other.Type === 'Fail') faults.add(where, `depends on ${name}, a Fail step`, 'remove the dependency');
    }
    if (ancestors(graph, step.Name).has(step.Name))
      faults.add(where, 'depends on itself in the end', 'break the circle');
    const { IfSteps: _, ElseSteps: __, ...own } = step.Arguments;
    const branches = branchesOf(step);
    const isCondition = branches.if.length + branches.else.length > 0 || step.Type === 'Condition';
    for (const get of getsIn({ ...step, Arguments: isCondition ? own : step.Arguments }))
      checkGet(get, where, definition, graph, faults);
  }
  for (const get of getsIn(definition.PipelineExperimentConfig))
    checkGet(get, 'PipelineExperimentConfig', definition, graph, faults);
}

function checkGet(get: string, where: string, definition: Definition, graph: Graph, faults: Faults): void {
  const reference = parseGet(get);
  switch (reference?.kind) {
    case 'Parameter':
      if (!definition.Parameters.some(({ Name }) => Name === reference.name))
        faults.add(where, `refers to ${get}, which isn't declared`, 'declare the parameter');
      break;
    case 'Execution':
      if (!EXECUTION_VARIABLES.includes(reference.name))
        faults.add(where, `refers to ${get}, which isn't there`, `use one of ${EXECUTION_VARIABLES.join(', ')}`);
      break;
    case 'Step': {
      const [member, file] = reference.path;
      const files = graph.get(reference.step)?.step.PropertyFiles ?? [];
      if (member === 'PropertyFiles' && !files.some(({ PropertyFileName }) => PropertyFileName === file))
        faults.add(where, `refers to ${get}, a property file that the step doesn't declare`, 'declare it');
      break;
    }
    case 'Experiment':
      if (where === 'PipelineExperimentConfig')
        faults.add(where, `refers to itself, got ${get}`, 'name the experiment');
      break;
    default:
      faults.add(where, `has a Get that can't be read, got ${JSON.stringify(get)}`, 'correct it');
  }
}

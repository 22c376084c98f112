import type { Faults } from '../../../core/faults';
import { show } from '../../shape/show';
import type { StepDefinition } from '../definition';
import { isExpression } from '../expression-forms';
import type { StepType } from '../step-types';
import { isToken } from '../token';
import { checkTuning } from './check-tuning';
import { namesOf } from './declared-names';

type Rule = (step: StepDefinition, faults: Faults) => void;

const processing: readonly Rule[] = [
  uniqueNames(['ProcessingInputs'], 'InputName'),
  uniqueNames(['ProcessingOutputConfig', 'Outputs'], 'OutputName'),
  localPaths,
  experiment,
];

/** What the service's model doesn't say, by type of step. */
const RULES: Readonly<Partial<Record<StepType, readonly Rule[]>>> = {
  Processing: processing,
  QualityCheck: [...processing, checkType('DATA_QUALITY', 'MODEL_QUALITY')],
  ClarifyCheck: [...processing, checkType('DATA_BIAS', 'MODEL_BIAS', 'MODEL_EXPLAINABILITY')],
  Training: [uniqueNames(['InputDataConfig'], 'ChannelName'), experiment],
  Tuning: [uniqueNames(['TrainingJobDefinition', 'InputDataConfig'], 'ChannelName'), checkTuning],
  Transform: [experiment],
  AutoML: [ensembling],
  RegisterModel: [packageGroup],
  EMR: [oneCluster],
  InferenceComponent: [writtenAsFloat],
  Lambda: [outputParameters],
  Callback: [outputParameters],
  Fail: [message],
};

export function checkServiceRules(step: StepDefinition, faults: Faults): void {
  for (const rule of RULES[step.Type] ?? []) rule(step, faults);
}

function uniqueNames(path: readonly string[], member: string): Rule {
  return (step, faults) => {
    const names = namesOf(step, path, member) ?? [];
    const repeated = new Set(names.filter((name, index) => names.indexOf(name) < index));
    for (const name of repeated)
      faults.add(`${step.Name}.${path.join('.')}`, `each ${member} is unique, got ${name} again`, 'rename one');
  };
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html */
function localPaths({ Name, Arguments }: StepDefinition, faults: Faults): void {
  const { ProcessingInputs, ProcessingOutputConfig } = Arguments;
  const outputs = isRecord(ProcessingOutputConfig) ? ProcessingOutputConfig.Outputs : undefined;
  check(ProcessingInputs, `${Name}.ProcessingInputs`, 'S3Input');
  check(outputs, `${Name}.ProcessingOutputConfig.Outputs`, 'S3Output');

  function check(list: unknown, where: string, member: string): void {
    if (!Array.isArray(list)) return;
    for (const [index, item] of list.entries()) {
      const target = isRecord(item) ? item[member] : undefined;
      const path = isRecord(target) ? target.LocalPath : undefined;
      if (typeof path !== 'string' || isToken(path) || path.startsWith('/opt/ml/processing/')) continue;
      const at = `${where}[${index}].${member}.LocalPath`;
      faults.add(at, `must begin with /opt/ml/processing/, got ${show(path)}`, 'move it there');
    }
  }
}

function experiment({ Name, Arguments: { ExperimentConfig } }: StepDefinition, faults: Faults): void {
  if (!isRecord(ExperimentConfig)) return;
  for (const member of ['ExperimentName', 'TrialName', 'RunName'])
    if (ExperimentConfig[member] !== undefined)
      faults.add(
        `${Name}.ExperimentConfig.${member}`,
        "can't be given: the pipeline's own experiment counts",
        'leave it out; only TrialComponentDisplayName is kept',
      );
}

function checkType(...types: readonly string[]): Rule {
  return ({ Name, CheckType }, faults) => {
    if (typeof CheckType === 'string' && !types.includes(CheckType))
      faults.add(`${Name}.CheckType`, `must be one of ${types.join(', ')}, got ${CheckType}`, 'choose one of them');
  };
}

function ensembling({ Name, Arguments: { AutoMLJobConfig } }: StepDefinition, faults: Faults): void {
  const mode = isRecord(AutoMLJobConfig) ? AutoMLJobConfig.Mode : undefined;
  if (mode === 'ENSEMBLING' || isToken(mode) || isExpression(mode)) return;
  faults.add(`${Name}.AutoMLJobConfig.Mode`, `a pipeline runs ENSEMBLING only, got ${show(mode)}`, 'write ENSEMBLING');
}

function packageGroup({ Name, Arguments }: StepDefinition, faults: Faults): void {
  if (Arguments.ModelPackageGroupName === undefined)
    faults.add(`${Name}.ModelPackageGroupName`, 'a package of a pipeline belongs to a group, got nothing', 'add it');
}

function oneCluster({ Name, Arguments: { ClusterId, ClusterConfig } }: StepDefinition, faults: Faults): void {
  if ((ClusterId === undefined) !== (ClusterConfig === undefined)) return;
  const got = ClusterId === undefined ? 'neither' : 'both';
  faults.add(Name, `runs on ClusterId or on ClusterConfig, got ${got}`, 'give one of the two');
}

/**
 * SageMaker takes `2.0` cores, not `2`.
 * @see https://github.com/aws/sagemaker-python-sdk, `InferenceComponentStep` in workflow/endpoint_step.py
 */
function writtenAsFloat({ Name, Arguments: { Specification } }: StepDefinition, faults: Faults): void {
  const required = isRecord(Specification) ? Specification.ComputeResourceRequirements : undefined;
  const cores = isRecord(required) ? required.NumberOfCpuCoresRequired : undefined;
  if (!Number.isInteger(cores) || isToken(cores)) return;
  faults.add(
    `${Name}.Specification.ComputeResourceRequirements.NumberOfCpuCoresRequired`,
    `must be written with its point, got ${String(cores)}`,
    `write new RawFloat(${String(cores)})`,
  );
}

function outputParameters({ Name, OutputParameters }: StepDefinition, faults: Faults): void {
  if (!Array.isArray(OutputParameters)) return;
  const names = new Set<unknown>();
  for (const [index, parameter] of OutputParameters.entries()) {
    const { OutputName, OutputType } = isRecord(parameter) ? parameter : {};
    const where = `${Name}.OutputParameters[${index}]`;
    if (typeof OutputType === 'string' && !OUTPUT_TYPES.includes(OutputType))
      faults.add(
        `${where}.OutputType`,
        `must be one of ${OUTPUT_TYPES.join(', ')}, got ${OutputType}`,
        'choose one of them',
      );
    if (names.has(OutputName))
      faults.add(`${where}.OutputName`, `is unique, got ${show(OutputName)} again`, 'rename one');
    names.add(OutputName);
  }
}
const OUTPUT_TYPES = ['String', 'Integer', 'Float', 'Boolean'];

/** In characters, as FailStepMetadata has it. */
const LONGEST_MESSAGE = 3072;

function message({ Name, Arguments: { ErrorMessage } }: StepDefinition, faults: Faults): void {
  if (typeof ErrorMessage === 'string' && !isToken(ErrorMessage) && ErrorMessage.length > LONGEST_MESSAGE)
    faults.add(
      `${Name}.ErrorMessage`,
      `must have at most ${LONGEST_MESSAGE} characters, got ${ErrorMessage.length}`,
      'shorten it',
    );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

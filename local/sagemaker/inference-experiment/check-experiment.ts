import { ServiceError } from '../service-error';
import type { ExperimentRequest, StopRequest } from './experiment-record';

const DAY_MS = 24 * 60 * 60 * 1_000;
const LONGEST_DAYS = 30;
const DEFAULT_DAYS = 7;

/**
 * Refuses a shadow test that could never run.
 * @returns when it begins and ends: by default at once, and seven days later
 * @throws ServiceError ValidationException
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceExperiment.html
 */
export function checkExperiment(
  request: ExperimentRequest,
  now: Date,
): { readonly startTime: string; readonly endTime: string } {
  const { Type, ModelVariants = [], ShadowModeConfig } = request;
  if (Type !== 'ShadowMode') throw invalid(`Type: must be ShadowMode, got ${Type}`);
  const { SourceModelVariantName: source, ShadowModelVariants = [] } = ShadowModeConfig ?? {};
  const [shadow, ...others] = ShadowModelVariants;
  if (!shadow || others.length > 0)
    throw invalid(`ShadowModeConfig.ShadowModelVariants: must be one variant, got ${ShadowModelVariants.length}`);
  const { ShadowModelVariantName: name, SamplingPercentage: percent } = shadow;
  if (!Number.isInteger(percent) || Number(percent) < 0 || Number(percent) > 100)
    throw invalid(`SamplingPercentage: must be a whole number from 0 to 100, got ${percent}`);
  for (const wanted of [source, name])
    if (!ModelVariants.some(({ VariantName }) => VariantName === wanted))
      throw invalid(`ModelVariants: has no variant ${wanted}, which ShadowModeConfig names`);
  if (source === name || ModelVariants.length !== 2)
    throw invalid(`ModelVariants: must be the production variant and its shadow, got ${ModelVariants.length}`);
  return schedule(request, now);
}

function schedule({ Schedule }: ExperimentRequest, now: Date) {
  const start = Schedule?.StartTime === undefined ? now : new Date(Schedule.StartTime);
  const end =
    Schedule?.EndTime === undefined ? new Date(start.getTime() + DEFAULT_DAYS * DAY_MS) : new Date(Schedule.EndTime);
  const length = end.getTime() - start.getTime();
  if (length <= 0 || length > LONGEST_DAYS * DAY_MS || end.getTime() <= now.getTime())
    throw invalid(
      `Schedule: must end in the future and at most ${LONGEST_DAYS} days after its start, got ${start.toISOString()} to ${end.toISOString()}`,
    );
  return { startTime: start.toISOString(), endTime: end.toISOString() };
}

/**
 * Refuses a stop that would leave the endpoint without a variant, or with two that answer.
 * @throws ServiceError ValidationException
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopInferenceExperiment.html
 */
export function checkStop({ ShadowModeConfig }: ExperimentRequest, stop: StopRequest): void {
  const source = ShadowModeConfig?.SourceModelVariantName ?? '';
  const shadow = ShadowModeConfig?.ShadowModelVariants?.[0]?.ShadowModelVariantName ?? '';
  const actions = stop.ModelVariantActions ?? {};
  const unknown = Object.keys(actions).filter((name) => name !== source && name !== shadow);
  if (unknown.length > 0)
    throw invalid(`ModelVariantActions: the experiment has ${source} and ${shadow}, got ${unknown.join(', ')}`);
  if (actions[source] === 'Promote')
    throw invalid(`ModelVariantActions: ${source} answers already; only the shadow ${shadow} can be promoted`);
  if (actions[source] === 'Remove' && actions[shadow] !== 'Promote')
    throw invalid(`ModelVariantActions: ${source} can only be removed when ${shadow} is promoted`);
  if (actions[source] === 'Retain' && actions[shadow] === 'Promote')
    throw invalid(`ModelVariantActions: ${shadow} takes the place of ${source} when it is promoted; remove ${source}`);
  if (stop.DesiredModelVariants !== undefined)
    throw invalid("DesiredModelVariants: the local SageMaker doesn't implement it");
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}

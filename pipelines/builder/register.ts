import type { Reference, RegisterStep, Value } from '../definition';
import { base, retry } from './members';
import type { RetryOptions, StepOptions } from './options';

export type RegisterOptions = StepOptions &
  Pick<RegisterStep, 'group' | 'model' | 'script' | 'description' | 'evaluation'> & {
    /** Of the container that serves. @default - the pipeline's */
    readonly image?: string | Reference;
    /** @default 'PendingManualApproval' */
    readonly approvalStatus?: Value;
    /** Variables of the container that serves. @default {} */
    readonly environment?: Readonly<Record<string, string>>;
    /** Facts that stay with the model. @default {} */
    readonly metadata?: Readonly<Record<string, Value>>;
    /** @default ['text/csv', 'application/json'] */
    readonly contentTypes?: readonly string[];
    /** @default ['text/csv', 'application/json'] */
    readonly responseTypes?: readonly string[];
    /** @default - see each member */
    readonly retry?: RetryOptions;
  };

/** Puts a trained model into the registry. */
export function register(name: string, options: RegisterOptions): RegisterStep {
  const { group, model, script, description, evaluation, approvalStatus = 'PendingManualApproval' } = options;
  const { environment = {}, metadata = {} } = options;
  const { contentTypes = ['text/csv', 'application/json'], responseTypes = ['text/csv', 'application/json'] } = options;
  return {
    ...base(name, options),
    kind: 'register',
    group,
    model,
    script,
    approvalStatus,
    environment,
    metadata,
    contentTypes,
    responseTypes,
    retry: retry(options.retry),
    ...(description !== undefined && { description }),
    ...(evaluation !== undefined && { evaluation }),
    ...(options.image !== undefined && { image: options.image }),
  };
}

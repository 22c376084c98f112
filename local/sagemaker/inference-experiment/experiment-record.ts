import type { CreateInferenceExperimentRequest, StopInferenceExperimentRequest } from '@aws-sdk/client-sagemaker';
import type { Wire } from '../job/wire';
import type { Collection, Store } from '../store';

export type ExperimentRequest = Wire<CreateInferenceExperimentRequest>;
export type StopRequest = Wire<StopInferenceExperimentRequest>;
/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeInferenceExperiment.html */
export type ExperimentStatus = 'Creating' | 'Created' | 'Starting' | 'Running' | 'Stopping' | 'Completed' | 'Cancelled';

/** A shadow test, and what is about to become of it: enough to take it up again after a kill at any moment. */
export interface ExperimentRecord {
  readonly request: ExperimentRequest;
  readonly arn: string;
  readonly status: ExperimentStatus;
  readonly statusReason?: string;
  readonly CreationTime: string;
  readonly LastModifiedTime: string;
  readonly completionTime?: string;
  /** ISO times. */
  readonly schedule: { readonly startTime: string; readonly endTime: string };
  /** Of the endpoint before the test: it goes back to it. */
  readonly configBefore?: string;
  /** Of the endpoint during the test. */
  readonly configDuring?: string;
  /** What a stop that isn't finished was asked for. */
  readonly stop?: StopRequest;
}

export function experiments(store: Store): Collection<ExperimentRecord> {
  return store.collection<ExperimentRecord>('inference-experiments');
}

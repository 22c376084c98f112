import type { JsonObject } from '../../../core/json';
import type { Collection, Store } from '../store';

/** What is asked of an inference component, beside what runs of it. */
export interface ComponentRecord {
  readonly InferenceComponentName: string;
  readonly InferenceComponentArn: string;
  readonly EndpointName: string;
  readonly EndpointArn: string;
  readonly VariantName: string;
  readonly CreationTime: string;
  /** Specifications that were asked for, the newest last; the name of each is that of the configuration it is run by. */
  readonly revisions: readonly Revision[];
}

export interface Revision {
  readonly name: string;
  readonly specification: JsonObject;
  readonly copies: number;
}

/** Revisions that are kept: the one that serves, the one that is asked for, and some to go back to. */
export const MOST_REVISIONS = 5;

export function components(store: Store): Collection<ComponentRecord> {
  return store.collection<ComponentRecord>('inference-components');
}

import type { JsonObject } from '../../../core/json';
import type { Collection, Store } from '../store';
import { executionId } from './execution-record';

export function stepProperties(store: Store): Collection<JsonObject> {
  return store.collection('pipeline-step-properties');
}

/**
 * What the steps of executions left, shaped like the answers of Describe actions. A record of its own for each step:
 * that of the execution is written at every change, and would else grow with all that its steps have left.
 */
export class StepProperties {
  private readonly records: Collection<JsonObject>;

  constructor(store: Store) {
    this.records = stepProperties(store);
  }

  get(executionArn: string, step: string): JsonObject | undefined {
    return this.records.get(key(executionArn, step));
  }

  put(executionArn: string, step: string, properties: JsonObject): void {
    this.records.put(key(executionArn, step), properties);
  }
}

function key(executionArn: string, step: string): string {
  return `${executionId(executionArn)}/${step}`;
}

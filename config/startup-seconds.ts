import type { Serving } from './serving';

/** How long a container may take to answer /ping: 0 where SageMaker decides it by itself. */
export function startupSeconds(serving: Serving): number {
  return 'startupSeconds' in serving ? serving.startupSeconds : 0;
}

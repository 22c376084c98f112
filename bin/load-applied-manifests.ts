import { createRequire } from 'node:module';
import type * as AppliedManifests from '../charts/applied-manifests';

/** By `require`, since `tsx/cjs` leaves `import()` to Node, which can't load TypeScript. */
export function loadAppliedManifests(): typeof AppliedManifests {
  return createRequire(__filename)('../charts/applied-manifests') as typeof AppliedManifests;
}

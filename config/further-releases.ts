import type { Serving } from './serving';

/** The variant that gets copies of requests, and whose answers nobody sees. */
export const SHADOW_VARIANT = 'shadow';

/** Releases besides the model's own, by the variant that serves them. Each has a parameter of its own. */
export function furtherReleases(serving: Serving): readonly string[] {
  if (serving.mode === 'multi-variant') return serving.challengers.map(({ name }) => name);
  return serving.mode === 'shadow' ? [SHADOW_VARIANT] : [];
}

/**
 * What no variant may be called, in PascalCase: `Has` and the name is the condition that it has a release of its own, and
 * `HasModel` the one that there is any.
 */
export const TAKEN_VARIANTS = ['Model'];

import type { ServedModel } from '../served-model';
import { RUNTIMES } from '../server/runtimes';

/** What the outside reaches of a model's server: predictions, and neither its metrics nor its probes. */
export function publicPaths({ name, settings }: ServedModel): readonly string[] {
  return RUNTIMES[settings.runtime].publicPaths(name);
}

import type { Context } from './context';
import type { Collection } from './store';

/** Lets a server start on a state that a power cut has damaged: without the records that can't be read. */
export function setAsideUnreadable(
  { log }: Pick<Context, 'log'>,
  collections: readonly Pick<Collection<object>, 'setAsideUnreadable'>[],
): void {
  for (const file of collections.flatMap((records) => records.setAsideUnreadable()))
    log(`${file}: can't be read and was set aside; what it held is lost`);
}

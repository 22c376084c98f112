import { LISTR_LOGGER_STDERR_LEVELS, ListrLogger, ListrLogLevels } from 'listr2';

type Arguments = Parameters<ListrLogger['log']>;

const FAILED: string = ListrLogLevels.FAILED;

/**
 * Writes the lines of a list that isn't drawn anew. What groups others has no title, so that nothing can be said of it;
 * and the reason of a failure is told by whoever catches it.
 */
export class TitledLines extends ListrLogger {
  constructor() {
    super({ useIcons: true, toStderr: LISTR_LOGGER_STDERR_LEVELS });
  }

  override log(...[level, message, options]: Arguments): void {
    const title: unknown = message;
    if (title === undefined) return;
    super.log(level, message, level === FAILED ? undefined : options);
  }
}

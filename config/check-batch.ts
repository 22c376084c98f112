import type { Faults } from '../core/faults';
import { scheduleFault } from './schedule-expression';
import type { ServingOf } from './serving';
import { isTimeZone } from './time-zone';

/** What batch transform sends to an instance at once, at most. */
const MOST_CONCURRENT_MB = 100;

/**
 * Adds what settings of batch transform say against each other.
 * @param at path of a setting
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 */
export function checkBatch(serving: ServingOf<'batch'>, at: (setting: string) => string, faults: Faults): void {
  const { splitType, strategy, maxPayloadMb, maxConcurrentTransforms, joinInput, inputPrefix, outputPrefix } = serving;
  const total = maxPayloadMb * maxConcurrentTransforms;
  if (total > MOST_CONCURRENT_MB) {
    faults.add(
      at('maxPayloadMb'),
      `times maxConcurrentTransforms must be at most ${MOST_CONCURRENT_MB}, got ${total}`,
      'lower one of them',
    );
  }
  if (splitType === 'None' && strategy === 'MultiRecord') {
    faults.add(
      at('strategy'),
      'a file that is not split is one record, got MultiRecord',
      'use SingleRecord, or split it',
    );
  }
  if (splitType !== 'Line' && joinInput) {
    faults.add(
      at('joinInput'),
      `only lines are joined with their answers, got true with ${splitType}`,
      'set it to false',
    );
  }
  if (`${outputPrefix}/`.startsWith(`${inputPrefix}/`)) {
    faults.add(
      at('outputPrefix'),
      `must not lie below inputPrefix, or the next job would read answers, got ${outputPrefix} below ${inputPrefix}`,
      'separate them',
    );
  }
  if (!isTimeZone(serving.timeZone)) {
    faults.add(at('timeZone'), `is no time zone, got ${serving.timeZone}`, "use IANA's name, as in Europe/Berlin");
  }
  const fault = serving.schedule === undefined ? undefined : scheduleFault(serving.schedule);
  if (fault) faults.add(at('schedule'), fault.problem, fault.fix);
}

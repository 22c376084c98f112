import type { Faults } from '../core/faults';
import { scheduleFault } from './schedule-expression';
import type { ServingOf } from './serving';
import { isTimeZone } from './time-zone';

/**
 * Adds what is wrong with when and where scheduled jobs run. What SageMaker says to the rest is in the rules of the
 * service.
 * @param at path of a setting
 */
export function checkBatch(serving: ServingOf<'batch'>, at: (setting: string) => string, faults: Faults): void {
  const { inputPrefix, outputPrefix } = serving;
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

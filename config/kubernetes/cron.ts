import type { ScheduleFault } from '../schedule-expression';

const FIX = 'use a cron expression of minutes, hours, days, months and names of days, or the plane sagemaker only';

/**
 * A schedule of EventBridge Scheduler as a CronJob takes it, which has five fields and counts days of the week from 0.
 * @returns what is wrong if it can't be said so
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function kubernetesCron(schedule: string): { readonly expression: string } | ScheduleFault {
  const [, inside = ''] = /^cron\((.*)\)$/.exec(schedule) ?? [];
  const [minutes = '', hours = '', day = '', month = '', weekday = '', year = ''] = inside.trim().split(/\s+/);
  if (inside === '') return { problem: `a CronJob has no other form than cron, got ${schedule}`, fix: FIX };
  if (year !== '*') return { problem: `a CronJob knows no years, got ${year} in ${schedule}`, fix: FIX };
  if (/[LW]/.test(day.toUpperCase()) || /[L#]/.test(weekday.toUpperCase().replaceAll(/[A-Z]{3}/g, ''))) {
    return { problem: `a CronJob knows neither L, W nor #, got ${schedule}`, fix: FIX };
  }
  return { expression: [minutes, hours, any(day), month, any(fromZero(weekday))].join(' ') };
}

const any = (field: string) => (field === '?' ? '*' : field);

/** EventBridge has 1 to 7 for Sunday to Saturday. What stands behind a slash is a number of days. */
function fromZero(weekday: string): string {
  return weekday.replaceAll(/(?<![/\d])\d/g, (digit) => String(Number(digit) - 1));
}

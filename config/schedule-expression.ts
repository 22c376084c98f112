/** By the position in a cron expression: its name, its bounds, words that stand for numbers, and signs of its own. */
const FIELDS = [
  { name: 'minutes', min: 0, max: 59, words: [], signs: '' },
  { name: 'hours', min: 0, max: 23, words: [], signs: '' },
  { name: 'day of the month', min: 1, max: 31, words: [], signs: '?|L|LW|[0-9]+W' },
  {
    name: 'month',
    min: 1,
    max: 12,
    words: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
    signs: '',
  },
  {
    name: 'day of the week',
    min: 1,
    max: 7,
    words: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
    signs: '?|L|[1-7]L|[1-7]#[1-5]',
  },
  { name: 'year', min: 1970, max: 2199, words: [], signs: '' },
] as const;

type Field = (typeof FIELDS)[number];

const FORMS =
  'write cron(minutes hours day-of-month month day-of-week year), rate(value unit) or at(yyyy-mm-ddThh:mm:ss)';

export interface ScheduleFault {
  readonly problem: string;
  readonly fix: string;
}

/**
 * What is wrong with a schedule of EventBridge Scheduler or Application Auto Scaling: both take the same three forms.
 * @returns undefined if nothing is; a time of `at` may have passed, which only the service can tell
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function scheduleFault(expression: string): ScheduleFault | undefined {
  const [, form, inside = ''] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  if (form === 'cron') return cronFault(inside);
  if (form === 'rate') return rateFault(inside);
  if (form === 'at') return atFault(inside);
  return { problem: `is no schedule, got ${expression}`, fix: FORMS };
}

function cronFault(inside: string): ScheduleFault | undefined {
  const fields = inside.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    return { problem: `a cron expression has six fields, got ${fields.length} in cron(${inside})`, fix: FORMS };
  }
  for (const [index, field] of FIELDS.entries()) {
    const value = fields[index] ?? '';
    if (value.split(',').every((part) => fits(field, part, value))) continue;
    return {
      problem: `the ${field.name} must be ${field.min} to ${field.max}, got ${value} in cron(${inside})`,
      fix: 'correct the field',
    };
  }
  if ((fields[2] === '?') !== (fields[4] === '?')) return undefined;
  return {
    problem: `exactly one of the day of the month and the day of the week must be ?, got cron(${inside})`,
    fix: 'write ? for the one that does not matter',
  };
}

/** @param whole the field that the part is of: a `?` stands alone */
function fits({ min, max, words, signs }: Field, part: string, whole: string): boolean {
  if (part === '*') return true;
  if (part === '?' && whole !== '?') return false;
  if (signs !== '' && new RegExp(`^(${signs.replaceAll('?', '\\?')})$`).test(part)) return true;
  const [range = '', step, more] = part.split('/');
  if (more !== undefined || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
  if (range === '*') return step !== undefined;
  const bounds = range.split('-').map((value) => {
    const word = (words as readonly string[]).indexOf(value.toUpperCase());
    if (word >= 0) return min + word;
    return /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  });
  return bounds.length <= 2 && bounds.every((bound) => bound >= min && bound <= max);
}

function rateFault(inside: string): ScheduleFault | undefined {
  const [, value = '', unit = ''] = /^([1-9]\d{0,5}) (minutes?|hours?|days?)$/.exec(inside) ?? [];
  if (value === '') {
    return { problem: `a rate is a whole number above 0 and a unit, got rate(${inside})`, fix: 'as in rate(12 hours)' };
  }
  if ((value === '1') !== unit.endsWith('s')) return undefined;
  return {
    problem: `the unit agrees with its number, got rate(${inside})`,
    fix: 'write minute, hour or day for 1, and minutes, hours or days for more',
  };
}

function atFault(inside: string): ScheduleFault | undefined {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inside) ? new Date(`${inside}Z`) : undefined;
  // A date that isn't on the calendar is moved to one that is.
  if (time && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(inside)) return undefined;
  return { problem: `is no time, got at(${inside})`, fix: 'as in at(2026-03-29T04:00:00), without an offset' };
}

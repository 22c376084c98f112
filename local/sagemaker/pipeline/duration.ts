const FORM = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;
const DAY = 86_400_000;
/** Years, months, weeks, days, hours, minutes, seconds. A year has 365 days and a month 30. */
const MILLISECONDS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, 3_600_000, 60_000, 1000];

/**
 * Reads an ISO 8601 duration such as `P30D` or `PT1H30M`.
 * @returns milliseconds, undefined if it isn't one
 */
export function parseDuration(text: string): number | undefined {
  const match = FORM.exec(text.trim());
  const parts = match?.slice(1) ?? [];
  if (parts.every((part) => part === undefined) || /T$/i.test(text.trim())) return undefined;
  return parts.reduce((sum, part, i) => sum + Number(part ?? 0) * (MILLISECONDS[i] ?? 0), 0);
}

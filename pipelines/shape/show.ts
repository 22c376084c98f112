const LONGEST = 100;

/** A value as a fault quotes it. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  // A function, a symbol: nothing that JSON has.
  const text = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 40;

/** The beginning of a value as JSON, for messages. */
export function show(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)) ?? String(value)
    ).slice(0, LONGEST);
  } catch {
    // Nested more deeply than there is stack.
    return Array.isArray(value) ? '[…]' : '{…}';
  }
}

/** A copy that lacks these members. */
export function without<T extends object, K extends string>(object: T, ...members: readonly K[]): Omit<T, K> {
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => !(members as readonly string[]).includes(name)),
  ) as Omit<T, K>;
}

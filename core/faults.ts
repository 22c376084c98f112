import { InvalidInputError } from './invalid-input-error';

/** Gathers independent mistakes, so that the user hears of all of them at once. */
export class Faults {
  private readonly list: InvalidInputError[] = [];

  /** Same arguments as {@link InvalidInputError}. */
  add(where: string, problem: string, fix: string): void {
    this.list.push(new InvalidInputError(where, problem, fix));
  }

  /** Refuses a number outside `[min, max]`; NaN is outside every range. */
  requireRange(where: string, value: number, [min, max]: readonly [number, number], fix: string): void {
    if (value >= min && value <= max) return;
    this.add(where, `must be ${min} to ${max}, got ${value}`, fix);
  }

  get messages(): string[] {
    return this.list.map(({ message }) => message);
  }

  /** @throws InvalidInputError the single fault, or one that lists them all under `where` */
  throwIfAny(where: string): void {
    const [first, ...others] = this.list;
    if (!first) return;
    if (others.length === 0) throw first;
    throw new InvalidInputError(
      where,
      `${this.list.length} problems\n  ${this.messages.join('\n  ')}\n`,
      'fix each of them',
    );
  }
}

import { InvalidInputError } from '../../core/invalid-input-error';

/** Faults named in one answer. */
const NAMED = 5;

/** Gathers the faults of a body; the first by column and then by row are named, the others counted. */
export class RowFaults {
  private readonly named: string[] = [];
  private count = 0;

  /** @param row from 0 @param problem called only if it is going to be named */
  add(row: number, column: string, problem: () => string): void {
    this.count += 1;
    if (this.named.length < NAMED) this.named.push(`row ${row + 1}, column ${column} ${problem()}`);
  }

  /** @throws InvalidInputError */
  throwIfAny(): void {
    if (this.count === 0) return;
    const more = this.count > NAMED ? ` and ${this.count - NAMED} more` : '';
    throw new InvalidInputError('body', `${this.named.join('; ')}${more}`, 'correct the rows and send them again');
  }
}

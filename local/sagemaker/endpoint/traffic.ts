import type { Fleet } from './fleet';
import { WeightedTurns } from './weighted-turns';

/** Which fleets of an endpoint get requests, and how many of them. */
export class Traffic {
  private shares: ReadonlyMap<Fleet, number> = new Map();
  private readonly turns = new WeightedTurns<Fleet>();

  /** Takes effect at once and for all later requests. @param shares in percent */
  shift(shares: ReadonlyMap<Fleet, number>): void {
    this.shares = shares;
  }

  /** The fleet that takes the next request; undefined while there is none. */
  next(): Fleet | undefined {
    return this.turns.next(this.shares);
  }

  get current(): ReadonlyMap<Fleet, number> {
    return this.shares;
  }
}

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

  /**
   * The fleet that takes the next request; undefined while there is none. A fleet that answers nobody just now leaves
   * its requests to the other one, whatever that one's share.
   */
  next(): Fleet | undefined {
    const able = new Map([...this.shares].filter(([fleet]) => fleet.serves));
    if (able.size === 0) return this.turns.next(this.shares);
    return this.turns.next(able) ?? [...able.keys()][0];
  }

  /** Share of the traffic that goes to a fleet, in percent. */
  shareOf(fleet: Fleet): number {
    return this.shares.get(fleet) ?? 0;
  }

  get current(): ReadonlyMap<Fleet, number> {
    return this.shares;
  }
}

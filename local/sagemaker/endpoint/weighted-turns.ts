/**
 * Gives turns in proportion to weights, spread as evenly as they can be: with weights 3 and 1 every fourth turn goes
 * to the second. Nobody is ever given a whole turn more than its share, however few turns there have been, so that a
 * canary of 10 % sees one request of the first ten, and not by luck none or three.
 */
export class WeightedTurns<T> {
  /** How much each has been given too little so far, in units of weight. */
  private readonly owed = new Map<T, number>();

  /**
   * @param weights 0 or more each; they may change from turn to turn
   * @returns undefined if there is no weight above 0
   */
  next(weights: ReadonlyMap<T, number>): T | undefined {
    for (const known of this.owed.keys()) if (!weights.has(known)) this.owed.delete(known);
    let total = 0;
    let chosen: T | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const [candidate, weight] of weights) {
      if (weight <= 0) continue;
      const owed = (this.owed.get(candidate) ?? 0) + weight;
      this.owed.set(candidate, owed);
      total += weight;
      if (owed > most) {
        most = owed;
        chosen = candidate;
      }
    }
    if (chosen !== undefined) this.owed.set(chosen, most - total);
    return chosen;
  }
}

import { ALONE, BESIDE, type Count, PAIR, type Tier, type TierRecord } from './tiers';

export interface TiersRun {
  /** Each once, in the order in which they are run and told. */
  readonly tiers: readonly Tier[];
  /**
   * @param beside others run meanwhile, so that what it prints is kept for {@link tell}
   * @param prepared is called by a tier that has done what takes the whole machine: the other one of {@link PAIR} waits for
   * that, or for its end
   */
  readonly run: (tier: Tier, beside: boolean, prepared: () => void) => Promise<Count>;
  readonly begins: (tier: Tier, beside: boolean) => void;
  /** Prints what a tier beside others has kept; nothing else prints then. */
  readonly tell: (tier: Tier) => void;
  /** Of a tier that could not be run. It counts as one failure, and the others go on. */
  readonly fails: (tier: Tier, error: unknown) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * Runs tiers one after another, but those of {@link BESIDE} meanwhile, and those of {@link ALONE} at the end, both of
 * {@link PAIR} last and side by side.
 *
 * @returns a record of each, in the order of `tiers`
 */
export async function runTiers({ tiers, run, begins, tell, fails, now }: TiersRun): Promise<readonly TierRecord[]> {
  const start = now();
  const records = new Map<Tier, TierRecord>();
  const all = async (some: readonly Tier[], beside: boolean, prepared: () => void = () => {}): Promise<void> => {
    for (const tier of some) {
      begins(tier, beside);
      const began = now();
      let count: Count = { passed: 0, failed: 1, skipped: 0 };
      try {
        count = await run(tier, beside, prepared);
      } catch (error) {
        fails(tier, error);
      }
      records.set(tier, { tier, ...count, began: (began - start) / 1000, seconds: (now() - began) / 1000 });
    }
  };
  const beside = tiers.filter((tier) => BESIDE.includes(tier));
  const alone = tiers.filter((tier) => ALONE.includes(tier));
  const others = tiers.filter((tier) => !beside.includes(tier) && !alone.includes(tier));
  // A tier that is the only one is shown while it runs.
  await Promise.all([all(beside, others.length > 0), all(others, false)]);
  if (others.length > 0) beside.forEach(tell);
  const pair: readonly Tier[] = PAIR.every((tier) => alone.includes(tier)) ? PAIR : [];
  await all(
    alone.filter((tier) => !pair.includes(tier)),
    false,
  );
  const [first, second] = pair;
  if (first && second) {
    let running = Promise.resolve();
    await new Promise<void>((resolve) => {
      running = all([first], true, resolve).finally(resolve);
    });
    await all([second], false);
    await running;
    tell(first);
  }
  return tiers.flatMap((tier) => records.get(tier) ?? []);
}

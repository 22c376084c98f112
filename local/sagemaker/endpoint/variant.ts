import type { VariantSpec } from './fleet-spec';
import type { Instance } from './instance';

/** The instances of one production variant. Requests go to those in service, one after the other. */
export class Variant {
  private turn = 0;
  private active = Number.POSITIVE_INFINITY;

  /** @param add makes a further instance, not yet started */
  constructor(
    public spec: VariantSpec,
    private readonly add: (spec: VariantSpec) => Instance,
    private instances: readonly Instance[] = Array.from({ length: spec.instanceCount }, () => add(spec)),
  ) {}

  get all(): readonly Instance[] {
    return this.instances;
  }

  get inService(): readonly Instance[] {
    return this.instances.filter(({ url }) => url !== undefined);
  }

  /** Requests to it are answered. A variant that was scaled to nothing does all that is asked of it. */
  get serves(): boolean {
    return this.spec.instanceCount === 0 || this.inService.length > 0;
  }

  /** Settles when no request is under way. Take the variant out of the traffic before. */
  async drained(): Promise<void> {
    await Promise.all(this.all.map((instance) => instance.drained()));
  }

  /** Ends all instances, whatever they do just now. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.all.map((instance) => instance.stop(graceMs)));
  }

  /** Requests go to so many of the instances in service, and no more. */
  activate(count: number): void {
    this.active = count;
  }

  /** Instances in service that get requests. */
  get activated(): readonly Instance[] {
    return this.inService.slice(0, this.active);
  }

  /**
   * The instance whose turn it is.
   * @param failed is passed over if there is another one
   * @returns undefined if none is in service
   */
  next(failed?: Instance): Instance | undefined {
    const able = this.activated;
    const preferred = able.length > 1 ? able.filter((instance) => instance !== failed) : able;
    this.turn += 1;
    return preferred[this.turn % Math.max(1, preferred.length)];
  }

  /**
   * Brings the variant to that many instances. New ones get requests once they are healthy; superfluous ones end
   * their requests first.
   * @throws if a new instance doesn't start; the count stays as it was then
   */
  async scale(count: number, stop: (instance: Instance) => Promise<void>): Promise<void> {
    const spec = { ...this.spec, instanceCount: count };
    const added = Array.from({ length: Math.max(0, count - this.instances.length) }, () => this.add(spec));
    const started = await Promise.allSettled(added.map((instance) => instance.start()));
    const failure = started.find((result) => result.status === 'rejected');
    if (failure) {
      await Promise.all(added.map((instance) => instance.stop(0)));
      throw failure.reason;
    }
    const superfluous = this.instances.slice(count);
    this.instances = [...this.instances.slice(0, count), ...added];
    this.spec = spec;
    await Promise.all(superfluous.map(stop));
  }
}

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context';
import { instancesFor } from './deployment-plan';
import type { FleetSpec, ServerlessSpec, VariantSpec } from './fleet-spec';
import { Instance, type InstanceChange } from './instance';
import { ServerlessVariant } from './serverless-variant';
import type { Timing } from './timing';
import { Variant } from './variant';
import { WeightedTurns } from './weighted-turns';

export interface FleetProps {
  readonly context: Context;
  readonly spec: FleetSpec;
  /** Holds a folder an instance, `<variant>-<number>`, with its `output.log`. */
  readonly directory: string;
  readonly timing: Timing;
  readonly onChange: (fleet: Fleet, change: InstanceChange) => void;
}

/** The instances of one EndpointConfig. A deployment moves traffic from one fleet to another. */
export class Fleet {
  private readonly variants: ReadonlyMap<string, Variant>;
  /** Gets copies of requests, and answers none. */
  readonly shadow: Variant | undefined;
  private readonly turns = new WeightedTurns<Variant>();

  constructor(private readonly props: FleetProps) {
    this.variants = new Map(props.spec.variants.map((variant) => [variant.name, this.makeVariant(variant)]));
    this.shadow = props.spec.shadow && this.makeVariant(props.spec.shadow);
  }

  /** What the fleet is now: as it was made, but with the weights and counts of later changes. */
  get spec(): FleetSpec {
    return {
      ...this.props.spec,
      variants: [...this.variants.values()].map(({ spec }) => spec),
      ...(this.shadow && { shadow: this.shadow.spec }),
    };
  }

  /**
   * Starts all instances at the same time.
   * @throws Error if one of them doesn't get healthy, worded as the service does; none is left running then
   */
  async start(): Promise<void> {
    const starts = this.all.flatMap((variant) =>
      (variant instanceof ServerlessVariant ? [variant.prove()] : variant.all.map((instance) => instance.start())).map(
        (start) =>
          start.catch((cause: unknown) => {
            throw new Error(
              `The primary container for production variant ${variant.spec.name} did not start: ${(cause as Error).message}`,
              { cause },
            );
          }),
      ),
    );
    try {
      await Promise.all(starts);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Starts all instances, and goes on in the background with those that don't get healthy at once.
   * @returns what was wrong with the first of them
   */
  async recover(): Promise<string | undefined> {
    const started = await Promise.allSettled(
      this.all.flatMap((variant) =>
        variant instanceof ServerlessVariant
          ? [variant.warm()]
          : variant.all.map(async (instance) => {
              await instance.start().catch((error: unknown) => {
                instance.keepStarting();
                throw error;
              });
            }),
      ),
    );
    const failure = started.find((result) => result.status === 'rejected');
    return failure && (failure.reason as Error).message;
  }

  /** @returns undefined if there is no such variant, or none has a weight above 0 */
  variant(target: string | undefined): Variant | undefined {
    if (target !== undefined) return this.variants.get(target);
    return this.turns.next(new Map([...this.variants.values()].map((variant) => [variant, variant.spec.weight])));
  }

  inService(variantName: string): number {
    return this.find(variantName)?.inService.length ?? 0;
  }

  /** Instances in service that get requests once traffic goes to the fleet. */
  activated(variantName: string): number {
    return this.find(variantName)?.activated.length ?? 0;
  }

  /** Requests go to so many instances of each variant as carry that share of the traffic. @default all */
  activate(percent: number): void {
    for (const variant of this.variants.values())
      variant.activate(percent >= 100 ? Number.POSITIVE_INFINITY : instancesFor(percent, variant.spec.instanceCount));
  }

  /** Ids of the processes of a variant's instances in service. */
  processes(variantName: string): number[] {
    return (this.find(variantName)?.inService ?? []).flatMap(({ pid }) => pid ?? []);
  }

  /** Every variant answers. What becomes of a shadow doesn't matter to that. */
  get serves(): boolean {
    return [...this.variants.values()].every(({ serves }) => serves);
  }

  setWeight(variantName: string, weight: number): void {
    const variant = this.find(variantName);
    if (variant) variant.spec = { ...variant.spec, weight };
  }

  /** @throws if a new instance doesn't start */
  async scale(variantName: string, count: number): Promise<void> {
    await this.find(variantName)?.scale(count, (instance) => this.retireInstance(instance));
  }

  /** @throws if concurrency is provisioned and the server for it doesn't start */
  async reconfigure(variantName: string, changes: Partial<ServerlessSpec>): Promise<void> {
    const variant = this.find(variantName);
    if (variant instanceof ServerlessVariant) await variant.reconfigure(changes);
  }

  /** Ends the fleet once its requests have ended. Take it out of the traffic before. */
  async retire(): Promise<void> {
    await Promise.all(
      this.all.map(async (variant) => {
        await this.untilDrained(variant);
        await variant.stop(this.props.timing.stopGraceMs);
      }),
    );
  }

  /** Ends the fleet with what it does just now. @param graceMs @default as for every stop */
  async stop(graceMs = this.props.timing.stopGraceMs): Promise<void> {
    await Promise.all(this.all.map((variant) => variant.stop(graceMs)));
  }

  private async retireInstance(instance: Instance): Promise<void> {
    await this.untilDrained(instance);
    await instance.stop(this.props.timing.stopGraceMs);
  }

  private async untilDrained(busy: { drained(): Promise<void> }): Promise<void> {
    await Promise.race([busy.drained(), delay(this.props.timing.drainMs, undefined, { ref: false })]);
  }

  private get all(): readonly Variant[] {
    return [...this.variants.values(), ...(this.shadow ? [this.shadow] : [])];
  }

  private find(variantName: string): Variant | undefined {
    return this.all.find(({ spec }) => spec.name === variantName);
  }

  private makeVariant(spec: VariantSpec): Variant {
    const { context, directory, timing, onChange } = this.props;
    const make = (variant: VariantSpec, number: number) =>
      new Instance({
        context,
        name: `${variant.name}/${number}`,
        variant,
        directory: join(directory, `${variant.name}-${number}`),
        timing,
        onChange: (change) => onChange(this, change),
      });
    // Its servers come one after the other, in one folder with one log.
    if (spec.serverless) return new ServerlessVariant(spec, (variant) => make(variant, 1), timing);
    let made = 0;
    return new Variant(spec, (variant) => make(variant, ++made));
  }
}

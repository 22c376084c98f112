import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context';
import type { FleetSpec, VariantSpec } from './fleet-spec';
import { Instance, type InstanceChange } from './instance';
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
  private readonly turns = new WeightedTurns<Variant>();

  constructor(private readonly props: FleetProps) {
    this.variants = new Map(props.spec.variants.map((variant) => [variant.name, this.makeVariant(variant)]));
  }

  /** What the fleet is now: as it was made, but with the weights and counts of later changes. */
  get spec(): FleetSpec {
    return { ...this.props.spec, variants: [...this.variants.values()].map(({ spec }) => spec) };
  }

  /**
   * Starts all instances at the same time.
   * @throws Error if one of them doesn't get healthy, worded as the service does; none is left running then
   */
  async start(): Promise<void> {
    const starts = this.instances().map(({ variant, instance }) =>
      instance.start().catch((cause: unknown) => {
        throw new Error(
          `The primary container for production variant ${variant.spec.name} did not start: ${(cause as Error).message}`,
          { cause },
        );
      }),
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
      this.instances().map(async ({ instance }) => {
        await instance.start().catch((error: unknown) => {
          instance.keepStarting();
          throw error;
        });
      }),
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
    return this.variants.get(variantName)?.inService.length ?? 0;
  }

  /** Every variant has an instance that answers. */
  get serves(): boolean {
    return [...this.variants.values()].every(({ inService }) => inService.length > 0);
  }

  setWeight(variantName: string, weight: number): void {
    const variant = this.variants.get(variantName);
    if (variant) variant.spec = { ...variant.spec, weight };
  }

  /** @throws if a new instance doesn't start */
  async scale(variantName: string, count: number): Promise<void> {
    await this.variants.get(variantName)?.scale(count, (instance) => this.retireInstance(instance));
  }

  /** Ends the fleet once its requests have ended. Take it out of the traffic before. */
  async retire(): Promise<void> {
    await Promise.all(this.instances().map(({ instance }) => this.retireInstance(instance)));
  }

  /** Ends the fleet with what it does just now. @param graceMs @default as for every stop */
  async stop(graceMs = this.props.timing.stopGraceMs): Promise<void> {
    await Promise.all(this.instances().map(({ instance }) => instance.stop(graceMs)));
  }

  private async retireInstance(instance: Instance): Promise<void> {
    await Promise.race([instance.drained(), delay(this.props.timing.drainMs, undefined, { ref: false })]);
    await instance.stop(this.props.timing.stopGraceMs);
  }

  private instances(): { readonly variant: Variant; readonly instance: Instance }[] {
    return [...this.variants.values()].flatMap((variant) => variant.all.map((instance) => ({ variant, instance })));
  }

  private makeVariant(spec: VariantSpec): Variant {
    const { context, directory, timing, onChange } = this.props;
    let made = 0;
    return new Variant(spec, (variant) => {
      made += 1;
      return new Instance({
        context,
        name: `${variant.name}/${made}`,
        variant,
        directory: join(directory, `${variant.name}-${made}`),
        timing,
        onChange: (change) => onChange(this, change),
      });
    });
  }
}

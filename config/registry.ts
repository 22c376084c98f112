import { z } from 'zod';

/** Where an environment's versions come from, if it trains none itself. docs/adr/0011-one-registry.md */
export const RegistrySource = z.strictObject({
  /** Name of the environment whose registry has them, of the same region, in any account. */
  environment: z.string(),
});

/** What the functions below have to know of an environment. */
export interface Registering {
  readonly account: string;
  readonly models: readonly string[];
  readonly registry?: z.output<typeof RegistrySource> | undefined;
}

type Environments = Readonly<Record<string, Registering>>;

/** The environment whose registry another one takes its releases from. */
export interface RegistryLocation {
  readonly environmentName: string;
  readonly account: string;
}

/** An environment that takes its releases from the registry of another one. */
export interface RegistryConsumer extends RegistryLocation {
  readonly models: readonly string[];
}

/** @returns undefined if the environment has a registry of its own */
export function sourceOf(environment: Registering, environments: Environments): RegistryLocation | undefined {
  const environmentName = environment.registry?.environment;
  if (environmentName === undefined) return undefined;
  const source = environments[environmentName];
  // `config/schema.ts` has refused it: whoever comes here left the other environments out.
  if (!source)
    throw new Error(`${environmentName}: its environment must be known, got none; hand over all environments`);
  return { environmentName, account: source.account };
}

/** Environments that take their releases from the registry of this one. */
export function consumersOf(name: string, environments: Environments): readonly RegistryConsumer[] {
  return Object.entries(environments).flatMap(([environmentName, { account, models, registry }]) =>
    registry?.environment === name ? [{ environmentName, account, models }] : [],
  );
}

import type { EnvironmentSpec } from '../config/environment-spec';
import type { ModelSpec } from '../config/model-spec';
import type { RegistryLocation } from '../config/registry';
import { InvalidInputError } from '../core/invalid-input-error';

export interface Chosen {
  readonly environmentName: string;
  readonly environment: EnvironmentSpec;
  readonly model: string;
  readonly spec: ModelSpec;
  /** The environment whose registry has the versions, if that is another one. @default - this one */
  readonly source?: RegistryLocation | undefined;
}

/**
 * Finds the environment and the model that a command names.
 * Config is imported here, when a command needs it, so that a mistake in it is answered like any other input.
 * @param model the environment's first one when it isn't given
 * @throws InvalidInputError listing the names that exist
 */
export async function choose(environmentName: string, model?: string): Promise<Chosen> {
  const environment = await chooseEnvironment(environmentName);
  const { models } = await import('../config/models');
  const specs: Readonly<Record<string, ModelSpec>> = models;
  const name = model ?? environment.models[0] ?? '';
  const spec = specs[name];
  if (!spec || !environment.models.includes(name)) {
    throw new InvalidInputError(
      'MODEL',
      `no such model in ${environmentName}, got ${name}`,
      `choose from ${environment.models.join(', ')}`,
    );
  }
  const { environments } = await import('../config/environments');
  const { sourceOf } = await import('../config/registry');
  return { environmentName, environment, model: name, spec, source: sourceOf(environment, environments) };
}

/** @throws InvalidInputError listing the names that exist */
export async function chooseEnvironment(name: string): Promise<EnvironmentSpec> {
  const { environments } = await import('../config/environments');
  const specs: Readonly<Record<string, unknown>> = environments;
  if (Object.hasOwn(specs, name)) return specs[name] as EnvironmentSpec;
  throw new InvalidInputError(
    'ENV',
    `no such environment, got ${name}`,
    `choose from ${Object.keys(specs).join(', ')}`,
  );
}

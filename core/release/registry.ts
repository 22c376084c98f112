import { modelName } from '../names';

/** The environment whose registry has the versions of a model. */
export interface RegistrySource {
  readonly environment: string;
  /** Of 12 digits. */
  readonly account: string;
}

/** Where the versions of a model are registered. */
export interface Registry {
  readonly environment: string;
  /** Null for the account of the release itself. */
  readonly account: string | null;
  /** Name of the ModelPackageGroup. */
  readonly group: string;
}

/** @param source of the versions. @default - the environment itself */
export function registryOf(environment: string, model: string, source?: RegistrySource): Registry {
  const registering = source?.environment ?? environment;
  return { environment: registering, account: source?.account ?? null, group: modelName(registering, model) };
}

/**
 * Why a model package is none of this registry's, by its ARN.
 * @returns undefined if nothing in the ARN speaks against it
 */
export function whyForeign({ account, group }: Registry, modelPackage: string): string | undefined {
  if (account === null) return undefined;
  const [, accountOf, groupOf] =
    /^arn:[^:]+:sagemaker:[^:]+:(\d{12}):model-package\/([^/]+)\/\d+$/.exec(modelPackage) ?? [];
  if (accountOf === account && groupOf === group) return undefined;
  return `${modelPackage} is not a version of ${group} in account ${account}`;
}

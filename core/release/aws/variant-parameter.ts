import { NO_RELEASE, variantReleaseParameterName } from '../../names';
import type { ReleasePorts } from '../ports';
import type { SsmApi } from './api';

/** The release parameter of a variant that may serve another version than the model's release. */
export function variantParameter(
  ssm: SsmApi,
  { environment, model }: Pick<ReleasePorts, 'environment' | 'model'>,
  variant: string,
): ReleasePorts['parameter'] {
  const Name = variantReleaseParameterName(environment, model, variant);
  return {
    read: async () => (await ssm.getParameter({ Name })).Parameter?.Value ?? NO_RELEASE,
    write: async (Value) => {
      await ssm.putParameter({ Name, Value, Overwrite: true });
    },
  };
}

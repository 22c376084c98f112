import { versionOf } from '../inference-protocol/model-metadata';
import type { Model } from '../model/onnx-model';
import type { Settings } from '../settings';
import { HttpError } from './http-error';

/**
 * @param version undefined for whichever there is
 * @throws HttpError 404 if the model that is asked for isn't the one that is served
 */
export function requireModel(
  model: Pick<Model, 'sha256'>,
  { modelName }: Pick<Settings, 'modelName'>,
  name: string,
  version?: string,
): void {
  const served = versionOf(model);
  if (name === modelName && (version ?? served) === served) return;
  const asked = version === undefined ? name : `${name} ${version}`;
  throw new HttpError(404, 'model', `isn't served, got ${asked.slice(0, 80)}`, `ask for ${modelName} ${served}`);
}

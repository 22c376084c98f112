import type { Model } from '../model/onnx-model';
import type { OutputType } from '../model/prediction';
import type { Settings } from '../settings';
import { datatypeOf } from './datatype';

export const SERVER = { name: 'mlops-stack', version: '2', extensions: [] as string[] } as const;
export const PLATFORM = 'onnx_onnxv1';

/** How long a version's name is: of the digest, which names a model for good. */
const VERSION_DIGITS = 12;

export function versionOf({ sha256 }: Pick<Model, 'sha256'>): string {
  return sha256.slice(0, VERSION_DIGITS);
}

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  /** -1 stands for any number. */
  readonly shape: readonly number[];
}

/** What a model takes and gives, as the Open Inference Protocol describes it. */
export function modelMetadata(model: Model, { modelName }: Pick<Settings, 'modelName'>) {
  const tensor = (name: string, type: OutputType, width: number): TensorMetadata => ({
    name,
    datatype: datatypeOf(type),
    shape: [-1, width],
  });
  return {
    name: modelName,
    versions: [versionOf(model)],
    platform: PLATFORM,
    inputs: model.columns.map(({ name, type }) => tensor(name, type, 1)),
    outputs: model.outputs.map(({ name, type, width }) => tensor(name, type, width)),
  };
}

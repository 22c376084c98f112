import type { Reference, TrainingStep, Value } from '../definition';
import { job } from './members';
import type { JobOptions, Uri } from './options';

export interface TrainingOptions extends JobOptions {
  readonly script: string;
  /** URI of a folder by channel. */
  readonly channels: Readonly<Record<string, Uri>>;
  /** @default {} */
  readonly hyperparameters?: Readonly<Record<string, Value>>;
  /** Metrics that the script prints as `name=value`; the last value counts. @default [] */
  readonly metrics?: readonly string[];
}

/** What a step that trains leaves. */
export interface Trained {
  readonly modelArtifacts: Reference;
}

export function training(name: string, options: TrainingOptions): TrainingStep & Trained {
  return { ...trained(name, options), kind: 'training' };
}

/** The members that training and tuning have in common. */
export function trained(name: string, options: TrainingOptions) {
  const { script, channels, hyperparameters = {}, metrics = [] } = options;
  const modelArtifacts: Reference = { kind: 'modelArtifacts', step: name };
  return { ...job(name, options), script, channels, hyperparameters, metrics, modelArtifacts };
}

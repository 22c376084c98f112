import type { ObjectsByFile } from '../kubernetes-object';
import type { ServedModel } from '../served-model';

/** Makes the objects that run a model's pods and give them traffic, by the file that they go to. */
export type RolloutEngine = (model: ServedModel) => ObjectsByFile;

import type { ModelOnKubernetes } from '../../config/kubernetes/model';
import { python } from './python';
import type { ServerRuntime } from './server-runtime';

/** Every server that a model can choose. */
export const RUNTIMES: Readonly<Record<ModelOnKubernetes['runtime'], ServerRuntime>> = { python };

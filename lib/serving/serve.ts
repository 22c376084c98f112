import { serveAsynchronous } from './asynchronous';
import { serveRealTime } from './real-time';
import { serveServerless } from './serverless';
import type { Served, ServingInputs } from './serving-inputs';

/** Serves the released version in the mode that the model's config names. */
export function serve(inputs: ServingInputs): Served {
  const { serving } = inputs.spec;
  switch (serving.mode) {
    case 'realtime':
      return serveRealTime(serving, inputs);
    case 'serverless':
      return serveServerless(serving, inputs);
    case 'asynchronous':
      return serveAsynchronous(serving, inputs);
    default:
      throw new Error(`${inputs.stack.node.path}: ${serving.mode} has no stack yet`);
  }
}

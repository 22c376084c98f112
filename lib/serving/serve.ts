import { serveAsynchronous } from './asynchronous';
import { serveBatch } from './batch';
import { serveInferenceComponent } from './inference-component';
import { serveMultiVariant } from './multi-variant';
import { serveRealTime } from './real-time';
import { serveServerless } from './serverless';
import type { Served, ServingInputs } from './serving-inputs';
import { serveShadow } from './shadow';

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
    case 'batch':
      return serveBatch(serving, inputs);
    case 'multi-variant':
      return serveMultiVariant(serving, inputs);
    case 'shadow':
      return serveShadow(serving, inputs);
    default:
      return serveInferenceComponent(serving, inputs);
  }
}

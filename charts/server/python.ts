import { OWN_SERVER, ownEnvironment } from './own-server';
import type { ServerRuntime } from './server-runtime';

/**
 * The server of workloads/common, with SageMaker's container contract: the image that SageMaker runs, unchanged.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export const python: ServerRuntime = {
  ...OWN_SERVER,
  title: 'Python (our own)',
  protocols: 'SageMaker `/ping` and `/invocations`; Open Inference Protocol v2 within the cluster',
  // What any image with SageMaker's contract has.
  publicPaths: () => ['/invocations'],
  readyPath: () => '/ping',
  livePath: () => '/ping',
  environment: (model) => ownEnvironment(model),
};

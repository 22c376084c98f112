import { OWN_SERVER, ownEnvironment } from './own-server';
import type { ServerRuntime } from './server-runtime';

/** The usual one of the protocol. */
const GRPC_PORT = 8081;

/** Our own server in TypeScript: `server/`, for models that have an exact ONNX form. */
export const onnx: ServerRuntime = {
  ...OWN_SERVER,
  title: 'ONNX (our own, in TypeScript on Fastify)',
  grpcPort: GRPC_PORT,
  artefact: '`model.onnx`, `model.json`',
  environment: (model) => {
    // It has no script of the workload.
    const { SAGEMAKER_PROGRAM: _, ...environment } = ownEnvironment(model);
    // Its processes count together, so it may have as many as there are cores for.
    const workers = Math.max(1, Math.floor(model.settings.cpuMillis / 1000));
    const grpc: Readonly<Record<string, string>> = model.settings.grpc
      ? { MODEL_SERVER_GRPC_PORT: String(GRPC_PORT) }
      : {};
    return { ...environment, SAGEMAKER_MODEL_SERVER_WORKERS: String(workers), ...grpc };
  },
  proof: 'runs in `test/unit/server` and `test/python/workloads/test_onnx_server.py`: the answers of the Python model',
};

import { OWN_SERVER, ownEnvironment } from './own-server';
import type { ServerRuntime } from './server-runtime';

/** FastAPI, on uvicorn: workloads/common/servers/fastapi_server.py in the image workloads/images/fastapi. */
export const fastapi: ServerRuntime = {
  ...OWN_SERVER,
  title: 'FastAPI, on uvicorn',
  environment: (model) => ownEnvironment(model, 'fastapi'),
};

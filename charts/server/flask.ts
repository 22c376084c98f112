import { OWN_SERVER, ownEnvironment } from './own-server';
import type { ServerRuntime } from './server-runtime';

/** Flask, on gunicorn: workloads/common/servers/flask_server.py in the image workloads/images/flask. */
export const flask: ServerRuntime = {
  ...OWN_SERVER,
  title: 'Flask, on gunicorn',
  environment: (model) => ownEnvironment(model, 'flask'),
};

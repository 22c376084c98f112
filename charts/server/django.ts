import { OWN_SERVER, ownEnvironment } from './own-server';
import type { ServerRuntime } from './server-runtime';

/** Django REST framework, on gunicorn: workloads/common/servers/django_server.py in the image workloads/images/django. */
export const django: ServerRuntime = {
  ...OWN_SERVER,
  title: 'Django REST framework, on gunicorn',
  environment: (model) => ownEnvironment(model, 'django'),
};

import { join, resolve } from 'node:path';
import { ensurePythonEnvironment, type PythonEnvironment } from '../../../local/python/python-environment';

const root = resolve(__dirname, '../../..');

/** The Python of the model servers, with the packages of their image. It is made before the tests, which have no network. */
export function serverPython(onProgress?: (message: string) => void): Promise<PythonEnvironment> {
  return ensurePythonEnvironment({
    name: 'sklearn',
    lockFile: join(root, 'workloads/images/sklearn/requirements.lock'),
    directory: join(root, '.mlops', 'python'),
    environment: process.env,
    logFile: join(root, '.mlops', 'test', 'kubernetes-python.log'),
    onProgress,
  });
}

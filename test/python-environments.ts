/**
 * Makes the environments of the model servers' images, for the tests that start those servers, and prints the folder of
 * each one's programs as JSON.
 *
 *   npx tsx test/python-environments.ts
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../local/python/python-environment';

const IMAGES = ['python', 'fastapi', 'flask', 'django'] as const;
const root = resolve(__dirname, '..');

async function main(): Promise<void> {
  const directory = join(root, '.mlops', 'python');
  mkdirSync(directory, { recursive: true });
  const bins: Record<string, string> = {};
  for (const image of IMAGES) {
    const { bin } = await ensurePythonEnvironment({
      name: `test-${image}`,
      lockFile: join(root, 'workloads', 'images', image, 'requirements.lock'),
      directory,
      environment: process.env,
      logFile: join(directory, `test-${image}.log`),
    });
    bins[image] = bin;
  }
  process.stdout.write(JSON.stringify(bins));
}

void main();

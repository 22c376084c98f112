/**
 * Measures the stack against what users would take instead. Each part prints its tables and writes them into
 * docs/performance.md.
 *
 *   npm run bench -- server
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { BenchPlace } from './server/bench-place';
import { serverBench } from './server/server-bench';
import { killServers } from './server/server-process';

const PARTS: Readonly<Record<string, (args: readonly string[], place: BenchPlace) => Promise<void>>> = {
  server: serverBench,
};

const root = resolve(__dirname, '../..');

async function main([part = '', ...args]: readonly string[]): Promise<void> {
  const run = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
  if (!run) {
    throw new InvalidInputError(
      'npm run bench',
      `needs a part, got ${part === '' ? 'none' : part}`,
      `choose from ${Object.keys(PARTS).join(', ')}: npm run bench -- server`,
    );
  }
  const directory = join(root, '.mlops', 'bench');
  mkdirSync(directory, { recursive: true });
  mkdirSync(join(root, '.mlops', 'python'), { recursive: true });
  await run(args, { root, directory, say: (message) => console.error(message) });
}

process.on('exit', killServers);
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
main(process.argv.slice(2)).catch((error: unknown) => {
  const wrongInput = error instanceof InvalidInputError;
  console.error(error instanceof Error ? error.message : error);
  process.exit(wrongInput ? 2 : 1);
});

/**
 * Measures the stack against what users would take instead. Each part prints its tables and writes them into
 * docs/performance.md.
 *
 *   npm run bench                     all parts
 *   npm run bench -- server           one
 *   npm run bench -- server --help    what it takes
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onEndingSignal } from '../../cli/ending-signals';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { BenchPart } from './bench-part';
import { BENCH_PARTS } from './bench-parts';
import { benchHelp, parseBenchWords } from './bench-words';
import { awaitIdle } from './measure/await-idle';
import { thisLoad } from './measure/machine';

const root = resolve(__dirname, '../..');

async function main(words: readonly string[]): Promise<void> {
  const { help, parts: names, args } = parseBenchWords(words, Object.keys(BENCH_PARTS));
  const parts: Record<string, BenchPart> = {};
  for (const name of names) {
    const part = await BENCH_PARTS[name]?.();
    if (part) parts[name] = part;
  }
  if (help) {
    console.log(benchHelp(parts));
    return;
  }
  const directory = join(root, '.mlops', 'bench');
  mkdirSync(directory, { recursive: true });
  mkdirSync(join(root, '.mlops', 'python'), { recursive: true });
  const say = (message: string) => console.error(message);
  for (const [index, [name, part]] of Object.entries(parts).entries()) {
    if (part.end) process.on('exit', part.end);
    if (names.length > 1) say(`== ${name}`);
    if (index > 0 && !args.includes('--check')) await awaitIdle({ load: thisLoad, say });
    try {
      await part.run(args, { root, directory, say });
    } catch (error) {
      // The others may well run.
      tell(error);
    }
  }
}

function tell(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof InvalidInputError ? 2 : 1;
}

onEndingSignal([process.stdin, process.stdout, process.stderr], (exitCode) => process.exit(exitCode));
// A terminal that is gone takes no more words; its signal says what to do.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
main(process.argv.slice(2))
  .catch(tell)
  // What a part left open doesn't keep the bench waiting.
  .finally(() => process.exit());

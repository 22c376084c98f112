/**
 * Runs the tiers of `npm test` and sums them up. What a tier prints stands together, also where another one runs beside it.
 * The last line reads `N passed, N failed`, with `, N skipped` when some were; the exit code is 1 when anything failed or a
 * tier ran nothing.
 *
 *   npm test                    all tiers
 *   npm test -- unit python     only these
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onEndingSignal } from '../cli/ending-signals';
import { ensurePythonEnvironment } from '../local/python/python-environment';
import { ensurePrograms } from './kubernetes/build/ensure-programs';
import { inPodNetwork } from './kubernetes/cluster/pod-network';
import { envoyProgram } from './kubernetes/gateway/envoy';
import { serverPython } from './kubernetes/serving/server-python';
import { runTiers } from './run-tiers';
import { type Count, EXTRA_TIERS, TIERS, TIERS_FILE, type Tier, wallSeconds } from './tiers';

const root = resolve(__dirname, '..');
const results = join(root, '.mlops', 'test');
/** What a tier printed that ran beside another. */
const outputOf = (tier: Tier) => join(results, `${tier}-output.log`);
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

const running = new Set<ChildProcess>();

/** Where a tier prints: the terminal, or an open file. */
type Output = 'inherit' | number;

async function run(command: string, args: readonly string[], output: Output = 'inherit'): Promise<boolean> {
  const child = spawn(command, args, { cwd: root, stdio: ['inherit', output, output] });
  running.add(child);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code === 0;
  } catch (error) {
    console.error(`${command}: could not be started, got ${String(error)}`);
    return false;
  } finally {
    running.delete(child);
  }
}

/** With the run go the runners of its tiers. */
onEndingSignal([process.stdin, process.stdout, process.stderr], (exitCode) => {
  for (const child of running) child.kill();
  process.exit(exitCode);
});
// A terminal that is gone takes no more words; its signal says what to do.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

function checks(...ran: readonly boolean[]): Count {
  const passed = ran.filter(Boolean).length;
  return { passed, failed: ran.length - passed, skipped: 0 };
}

/** Finds tests that need others before them: `SHUFFLED=1 npm test -- unit`. */
const SHUFFLED = process.env.SHUFFLED === '1';

interface JestOptions {
  /** By default they leave a core idle, which on two cores is half of the machine. @default '50%' */
  readonly workers?: string;
  /** Words before the command. @default - none */
  readonly within?: readonly string[];
  /** Whether the tests of a file come in an order of chance; the seed is printed. @default false */
  readonly shuffled?: boolean;
  /** @default - the terminal */
  readonly output?: Output;
}

/** @param project of jest's configuration */
async function jest(
  project: string,
  { workers = '50%', within = [], shuffled = false, output }: JestOptions = {},
): Promise<Count> {
  const file = join(results, `${project}.json`);
  rmSync(file, { force: true });
  const [command, ...args] = [...within, bin('jest'), '--selectProjects', project, '--maxWorkers', workers];
  const order = shuffled ? ['--randomize'] : [];
  const ok = await run(command, [...args, ...order, '--json', '--outputFile', file], output);
  return read(file, ok, (text) => {
    const report = JSON.parse(text) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numRuntimeErrorTestSuites: number;
    };
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests,
    };
  });
}

/** What needs the network is made before: the tests themselves have only a loopback. */
async function kubernetes(output: Output, prepared: () => void): Promise<Count> {
  const tell = (message: string) => console.log(message);
  try {
    await ensurePrograms(tell);
    await serverPython(tell);
    await envoyProgram(tell);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  prepared();
  return jest('kubernetes', { workers: '1', within: inPodNetwork(), output });
}

async function python(): Promise<Count> {
  const environment = await testEnvironment('test', 'python');
  const style = checks(
    await run(join(environment.bin, 'ruff'), ['check', '.']),
    await run(join(environment.bin, 'ruff'), ['format', '--check', '.']),
  );
  return add(style, await pytest(environment, 'python', ['-n', '2', '--dist', 'loadfile', '--no-loadscope-reorder']));
}

/** Of its own, because the only wheel of PyTorch for Linux on x86_64 brings 5 GB of CUDA: a minute or more to install. */
async function pytorch(): Promise<Count> {
  return pytest(await testEnvironment('test-pytorch', 'pytorch'), 'pytorch', ['test/pytorch']);
}

function testEnvironment(name: string, tier: Tier) {
  return ensurePythonEnvironment({
    name,
    lockFile: join(root, 'test', tier, 'requirements.lock'),
    directory: join(root, '.mlops', 'python'),
    environment: process.env,
    logFile: join(results, `${tier}.log`),
    onProgress: (message) => console.log(message),
  });
}

/** @param words after `pytest` */
async function pytest(
  { python: interpreter }: { readonly python: string },
  tier: string,
  words: readonly string[],
): Promise<Count> {
  const file = join(results, `${tier}.xml`);
  rmSync(file, { force: true });
  const ok = await run(interpreter, ['-m', 'pytest', ...words, '--junitxml', file]);
  return read(file, ok, (text) => {
    const attribute = (name: string) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
    const failed = attribute('failures') + attribute('errors');
    const skipped = attribute('skipped');
    return { passed: attribute('tests') - failed - skipped, failed, skipped };
  });
}

/** A runner that reports no failure but exits with one, or leaves no report, has failed. */
function read(file: string, ok: boolean, parse: (text: string) => Count): Count {
  let count: Count = { passed: 0, failed: 0, skipped: 0 };
  try {
    count = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(String(error));
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const nothingRan = count.passed + count.failed === 0;
  return count.failed === 0 && (!ok || nothingRan) ? { ...count, failed: 1 } : count;
}

function add(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

const RUNS: Readonly<Record<Tier, (output: Output, prepared: () => void) => Promise<Count>>> = {
  types: async () => checks(await run(bin('tsc'), ['-p', 'tsconfig.json'])),
  lint: async () =>
    checks(await run(bin('biome'), ['ci', '.']), await run(bin('oxlint'), ['--type-aware', '--deny-warnings'])),
  unit: () => jest('unit', { workers: '100%', shuffled: SHUFFLED }),
  policy: () => jest('policy', { workers: '100%', shuffled: SHUFFLED }),
  python,
  local: (output) => jest('local', { output }),
  browser: () => jest('browser'),
  rehearsal: () => jest('rehearsal'),
  kubernetes,
  pytorch,
};
const isTier = (name: string): name is Tier => Object.hasOwn(RUNS, name);

async function main(): Promise<void> {
  mkdirSync(results, { recursive: true });
  const words = process.argv.slice(2);
  const unknown = words.filter((name) => !isTier(name));
  if (unknown.length > 0) {
    console.error(
      `npm test: no such tier, got ${unknown.join(', ')}; choose from ${[...TIERS, ...EXTRA_TIERS].join(', ')}`,
    );
    process.exitCode = 2;
    return;
  }
  const records = await runTiers({
    tiers: words.length > 0 ? [...new Set(words.filter(isTier))] : TIERS,
    begins: (tier, beside) => console.log(beside ? `\n${tier} runs beside what follows` : `\n== ${tier}`),
    run: async (tier, beside, prepared) => {
      if (!beside) return RUNS[tier]('inherit', prepared);
      const output = openSync(outputOf(tier), 'w');
      try {
        return await RUNS[tier](output, prepared);
      } finally {
        closeSync(output);
      }
    },
    tell: (tier) => console.log(`\n== ${tier}\n${readFileSync(outputOf(tier), 'utf8')}`),
    fails: (tier, error) => console.error(`${tier}: ${error instanceof Error ? error.message : String(error)}`),
    now: () => performance.now(),
  });
  const sum = records.reduce<Count>(add, { passed: 0, failed: 0, skipped: 0 });
  const table = records.map(
    (record) => `${record.tier.padEnd(10)} ${line(record).padEnd(36)} ${record.seconds.toFixed(0)} s`,
  );
  console.log(`\n${table.join('\n')}\n${' '.repeat(48)}${wallSeconds(records).toFixed(0)} s\n\n${line(sum)}`);
  writeFileSync(join(results, 'summary.txt'), `${line(sum)}\n`);
  writeFileSync(join(results, TIERS_FILE), JSON.stringify(records, undefined, 2));
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

function line({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

void main();

import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { onEndingSignal } from '../cli/ending-signals';
import { EXIT, exitCodeOf } from '../cli/exit-code';
import { onLostOutput } from '../cli/lost-output';
import { createProgram } from '../cli/program';
import { terminalOutput } from '../cli/terminal-output';
import { version } from '../package.json';

// Which versions of Node we support is ours to say; on the oldest, every command would begin with the SDK's plans.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

let interrupted = false;
const interruptions: (() => Promise<void>)[] = [];

async function interrupt(exitCode: number): Promise<void> {
  if (interrupted) return;
  interrupted = true;
  await Promise.allSettled(interruptions.map((callback) => callback()));
  process.exit(exitCode);
}
onLostOutput([process.stdout, process.stderr]);
onEndingSignal([process.stdin, process.stdout, process.stderr], (exitCode) => void interrupt(exitCode));

async function main(): Promise<void> {
  const program = createProgram(
    {
      out: terminalOutput(process.stdout, process.stderr),
      environment: process.env,
      repository: resolve(__dirname, '..'),
      interactive: process.stdout.isTTY,
      now: () => new Date(),
      onInterrupt: (callback) => void interruptions.push(callback),
    },
    version,
    {
      // cdk8s takes a while to load, and few commands need it.
      writeCharts: async (out, only) => (await import('./write-charts')).writeCharts(out, only),
    },
  );
  try {
    await program.parseAsync();
  } catch (error) {
    if (interrupted) return;
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.invalidInput;
      return;
    }
    console.error(error instanceof Error && !process.env.MLOPS_DEBUG ? error.message : error);
    process.exitCode = exitCodeOf(error);
  }
}

void main();

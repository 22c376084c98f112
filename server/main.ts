import { availableParallelism, totalmem } from 'node:os';
import { InvalidInputError } from '../core/invalid-input-error';
import { runBatch } from './batch/run-batch';
import { hasIpv6 } from './has-ipv6';
import { run } from './run';
import { parseSettings } from './settings';

/** Undefined where nothing limits the process: Node then gives an absurdly large number, or nothing. */
function memoryBytes(): number | undefined {
  const bytes = process.constrainedMemory();
  return bytes > 0 && bytes < totalmem() ? bytes : undefined;
}

async function main(): Promise<void> {
  try {
    if (process.argv[2] === 'batch') {
      process.exitCode = await runBatch(process.env);
      return;
    }
    const machine = { cores: availableParallelism(), memoryBytes: memoryBytes(), hasIpv6: await hasIpv6() };
    process.exitCode = await run(parseSettings(process.env, machine));
  } catch (error) {
    console.error(error instanceof InvalidInputError ? error.message : error);
    process.exitCode = 1;
  }
  // Handles that are left, such as a client's connection, must not keep the process.
  process.exit();
}

void main();

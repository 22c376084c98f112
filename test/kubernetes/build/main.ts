/** Builds the control plane of the tier `kubernetes`: `npx tsx test/kubernetes/build/main.ts`. */
import { ensurePrograms } from './ensure-programs';

ensurePrograms((line) => console.log(line)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

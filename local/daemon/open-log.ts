import { mkdirSync, openSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/** Logs are kept from run to run, and begun again beyond this size. */
const LOG_BYTES = 20_000_000;

/** @returns a descriptor that writes behind what is there, or at the start of a log that has grown large */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  // Several programs may write to it: each writes at the end, wherever that is by then.
  const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (size > LOG_BYTES) truncateSync(file);
  return openSync(file, 'a');
}

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isRunning } from '../../../local/container/process-identity';

/**
 * A new temporary folder whose name says whose it is. Those of processes that were killed, and could not remove theirs, go
 * first: the data of an API server is hundreds of megabytes.
 * @param root where to. @default - the system's folder for temporary files
 * @param end ends what still runs in a folder before that goes. @default - nothing does
 */
export function ownedFolder(
  purpose: string,
  root: string = tmpdir(),
  end: (folder: string) => void = () => {},
): string {
  const owned = new RegExp(`^${purpose}-(\\d+)-([0-9a-f]+)-[^-]+$`);
  for (const name of readdirSync(root)) {
    const [, pid, started = ''] = owned.exec(name) ?? [];
    if (pid === undefined) continue;
    if (isRunning({ pid: Number(pid), started: Buffer.from(started, 'hex').toString() })) continue;
    end(join(root, name));
    rmSync(join(root, name), { recursive: true, force: true, maxRetries: 10 });
  }
  const { pid } = process;
  const started = Buffer.from(identify(pid)?.started ?? '').toString('hex');
  return mkdtempSync(join(root, `${purpose}-${pid}-${started}-`));
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { StateDirectory } from '../state-directory';

const User = z.object({ root: z.string() });

/** Remembers beside the virtual environments that a local environment uses them. */
export function noteEnvironmentUser({ root, pythonEnvironments }: StateDirectory): void {
  const folder = usersFolder(pythonEnvironments);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${createHash('sha256').update(root).digest('hex').slice(0, 12)}.json`);
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, JSON.stringify({ root } satisfies z.infer<typeof User>));
  renameSync(draft, file);
}

/** Folders of the local environments that use the virtual environments, and are still there. */
export function environmentUsers(pythonEnvironments: string): readonly string[] {
  const folder = usersFolder(pythonEnvironments);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const file = join(folder, name);
      const { root } = User.parse(JSON.parse(readFileSync(file, 'utf8')));
      if (existsSync(root)) return [root];
      rmSync(file, { force: true });
      return [];
    });
}

function usersFolder(pythonEnvironments: string): string {
  return join(pythonEnvironments, 'users');
}

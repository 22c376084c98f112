import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { withProcessLock } from '../daemon/process-lock';
import { environmentUsers } from '../python/environment-users';
import { UV_FOLDER } from '../python/install-packages';
import { lockHash } from '../python/python-environment';
import { linked, removeDraft, removeDrafts } from '../python/remove-drafts';
import { StateDirectory } from '../state-directory';
import type { PruneAge, Pruned } from './pruned';
import { runningProcesses } from './running-processes';
import { sizeOf } from './size-of';

export interface PruneEnvironmentsProps extends PruneAge {
  /** Of the local environment that is known, besides those that have noted that they use the virtual environments. */
  readonly state: StateDirectory;
  /** Root of the checkout, whose lock files are those that are wanted. */
  readonly repository: string;
  /** Names of images, by their JSON files, that go too and hold nothing. @default none */
  readonly withoutImages?: ReadonlySet<string>;
  /** What the processes of this machine were started with. @default runningProcesses */
  readonly processes?: () => readonly string[];
}

/** Where no lock files of this project are looked for. */
const ELSEWHERE = new Set(['node_modules', '.git', '.mlops', 'cdk.out']);
const MADE_FROM_LOCK = /-([0-9a-f]{12})$/;
const INSTALLER = /^uv-[\d.]+$/;

/**
 * Removes the virtual environments of lock files that the checkout doesn't have any more, which nobody has asked for
 * lately, no image of a local environment runs on, and no process on this machine was started from. Safe beside others
 * that ask for one: see {@link removeEnvironment}.
 */
export async function pruneEnvironments(props: PruneEnvironmentsProps): Promise<readonly Pruned[]> {
  const { state, repository, usedBefore, dryRun, withoutImages = new Set() } = props;
  const directory = state.pythonEnvironments;
  if (!existsSync(directory)) return [];
  if (!dryRun) removeDrafts(directory);
  const hashes = new Set(lockFiles(repository).map((file) => lockHash(readFileSync(file))));
  const roots = [state.root, ...environmentUsers(directory)];
  const needed = new Set(roots.flatMap((root) => environmentsOf(root, directory, withoutImages)));
  const isWanted = (name: string) => {
    const hash = MADE_FROM_LOCK.exec(name)?.[1];
    return (hash === undefined ? name === UV_FOLDER : hashes.has(hash)) || needed.has(name);
  };
  const pruned: Pruned[] = [];
  for (const name of readdirSync(directory)) {
    if (!(MADE_FROM_LOCK.test(name) || INSTALLER.test(name)) || isWanted(name)) continue;
    const link = join(directory, name);
    const folder = linked(link);
    if (folder === undefined || isRecent(link, usedBefore) || isInUse(name, props)) continue;
    const item = { kind: 'python-environment', path: link, bytes: sizeOf(join(directory, folder)) } as const;
    if (dryRun || (await removeEnvironment(link, props))) pruned.push(item);
  }
  return pruned;
}

/**
 * First the link goes out of the way, then it is asked once more whether anybody uses the environment. Who asks for one
 * sets the time of the link before looking whether it is there: either that is seen here, and the link comes back, or
 * they find no link, wait for the lock and make the environment anew.
 * @returns whether it is gone
 */
async function removeEnvironment(link: string, props: PruneEnvironmentsProps): Promise<boolean> {
  return withProcessLock(`${link}.lock`, async () => {
    const folder = linked(link);
    if (folder === undefined) return false;
    // Named so that the next command removes it should this one be killed.
    const aside = join(dirname(link), `${folder}.pruned`);
    renameSync(link, aside);
    if (isRecent(aside, props.usedBefore) || isInUse(basename(link), props)) {
      renameSync(aside, link);
      return false;
    }
    removeDraft(join(dirname(link), folder));
    removeDraft(aside);
    return true;
  });
}

/** Also of what somebody else has removed meanwhile. */
function isRecent(link: string, usedBefore: number): boolean {
  const { mtimeMs = Number.POSITIVE_INFINITY } = lstatSync(link, { throwIfNoEntry: false }) ?? {};
  return mtimeMs >= usedBefore;
}

function isInUse(name: string, { processes = runningProcesses }: PruneEnvironmentsProps): boolean {
  // Programs of the environment name the folder that the link leads to, which begins like it.
  return processes().some((text) => text.includes(`${sep}${name}`));
}

function lockFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry: Dirent) => {
    if (entry.isDirectory()) return ELSEWHERE.has(entry.name) ? [] : lockFiles(join(folder, entry.name));
    return entry.isFile() && entry.name.endsWith('.lock') ? [join(folder, entry.name)] : [];
  });
}

/** Names of the environments that the images of a local environment run on. */
function environmentsOf(root: string, directory: string, without: ReadonlySet<string>): readonly string[] {
  const { images } = new StateDirectory(root, directory);
  if (!existsSync(images)) return [];
  return readdirSync(images)
    .map((name) => join(images, name))
    .filter((file) => file.endsWith('.json') && !without.has(file))
    .map((file) => {
      const { interpreter } = JSON.parse(readFileSync(file, 'utf8')) as { readonly interpreter: string };
      return relative(directory, interpreter).split(sep)[0] ?? '';
    });
}

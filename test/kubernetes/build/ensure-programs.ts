import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withProcessLock } from '../../../local/daemon/process-lock';
import { buildProgram } from './build-program';
import { cacheFolder, crdFile, isBuilt, programPath } from './program-paths';
import { PROGRAMS, type ProgramName } from './programs';

/** Between two lines about a build that goes on. */
const NEWS_MS = 15_000;
/** Another build may hold the lock for as long as it takes on a busy machine. */
const LONGEST_WAIT_SECONDS = 3600;

/**
 * Builds what isn't there yet, one program after another: a build that is interrupted goes on with the one it was at.
 * Go's cache of compiled packages, some gigabytes, is kept only until the last is built.
 */
export async function ensurePrograms(onProgress: (line: string) => void): Promise<void> {
  const missing = () => (Object.keys(PROGRAMS) as ProgramName[]).filter((name) => !isBuilt(name));
  if (missing().length === 0) return;
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  const onWait = (pid: number) => onProgress(`process ${pid} builds the control plane: waiting for it`);
  await withProcessLock(
    join(folder, 'build.lock'),
    async () => {
      const cache = join(folder, 'go-build');
      for (const name of missing()) await build(name, cache, onProgress);
      rmSync(cache, { recursive: true, force: true });
      removeOthers(folder);
    },
    { onWait, timeoutSeconds: LONGEST_WAIT_SECONDS },
  );
}

async function build(name: ProgramName, cache: string, onProgress: (line: string) => void): Promise<void> {
  const began = Date.now();
  const seconds = () => ((Date.now() - began) / 1000).toFixed(0);
  let told = began;
  let packages = 0;
  const onLine = () => {
    packages += 1;
    if (Date.now() - told < NEWS_MS) return;
    told = Date.now();
    onProgress(`${name}: ${packages} packages after ${seconds()} s`);
  };
  onProgress(`${name} ${PROGRAMS[name].version}: building from its Go module`);
  const go = { cache, logFile: join(cacheFolder(), 'build.log'), onLine };
  await buildProgram(PROGRAMS[name], { file: programPath(name), crds: crdFile(name) }, go);
  onProgress(`${name}: built in ${seconds()} s`);
}

/** Programs of versions that are no longer pinned. */
function removeOthers(folder: string): void {
  const wanted = Object.values(PROGRAMS).flatMap(({ name, version }) => [
    `${name}-${version}`,
    `${name}-${version}.crds.json`,
  ]);
  const names = Object.keys(PROGRAMS);
  for (const file of readdirSync(folder)) {
    const isProgram = names.some((name) => new RegExp(`^${name}-v\\d`).test(file));
    if (isProgram && !wanted.includes(file)) rmSync(join(folder, file));
  }
}

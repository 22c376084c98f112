import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PROGRAMS, type Program, type ProgramName } from './programs';

/** Where built programs are kept: outside the repository, so that every checkout uses the same. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mlops-stack', 'kubernetes');
}

/**
 * Where a program is, or will be once it is built. The folder of `KUBEBUILDER_ASSETS` goes first.
 * @see https://book.kubebuilder.io/reference/envtest
 */
export function programPath(name: ProgramName, environment: NodeJS.ProcessEnv = process.env): string {
  const { version }: Program = PROGRAMS[name];
  const given = environment.KUBEBUILDER_ASSETS && join(environment.KUBEBUILDER_ASSETS, name);
  return given && existsSync(given) ? given : join(cacheFolder(environment), `${name}-${version}`);
}

/** File with a program's custom resource definitions, beside the program: a list in JSON, which is read fastest. */
export function crdFile(name: ProgramName, environment: NodeJS.ProcessEnv = process.env): string {
  const { version }: Program = PROGRAMS[name];
  return join(cacheFolder(environment), `${name}-${version}.crds.json`);
}

/** Whether all that comes of a program's module is there. */
export function isBuilt(name: ProgramName, environment: NodeJS.ProcessEnv = process.env): boolean {
  const { crds }: Program = PROGRAMS[name];
  return existsSync(programPath(name, environment)) && (!crds || existsSync(crdFile(name, environment)));
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contestant } from './contestant';

/** Each package of a contestant with the version that its lock file pins. */
export function packageVersions(root: string, { lock, packages }: Contestant): string {
  const versionOf = lock
    ? pinned(readFileSync(join(root, lock.lock), 'utf8'))
    : installed(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return packages.map((name) => `${name} ${versionOf(name)}`).join(', ');
}

/** @param lock a requirements file: `name==version` and hashes */
export function pinned(lock: string): (name: string) => string {
  const versions = new Map(
    [...lock.matchAll(/^([\w.-]+)==([^\s;]+)/gm)].map(([, name = '', version = '']) => [name, version]),
  );
  return (name) => versions.get(name) ?? 'unknown';
}

function installed(lock: string): (name: string) => string {
  const { packages } = JSON.parse(lock) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  return (name) => packages[`node_modules/${name}`]?.version ?? 'unknown';
}

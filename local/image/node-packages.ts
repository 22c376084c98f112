import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Faults } from '../../core/faults';
import { InvalidInputError } from '../../core/invalid-input-error';

const NODE_MODULES = resolve(__dirname, '../../node_modules');

interface PackageJson {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Where the packages lie that an image of Node installs: this project's own, which have the same versions.
 * @param lockFile of the image, beside its package.json
 * @throws InvalidInputError without a package.json, and one that names the packages which lie here in another version, or don't
 */
export function nodePackages(lockFile: string): string {
  const file = join(dirname(lockFile), 'package.json');
  const image = read(file);
  if (image === undefined) {
    throw new InvalidInputError(
      file,
      'must name what the image installs, got no such JSON',
      'put it beside the lock file',
    );
  }
  const { dependencies = {} } = image;
  const faults = new Faults();
  for (const [name, wanted] of Object.entries(dependencies)) {
    const found = read(join(NODE_MODULES, name, 'package.json'))?.version;
    if (found === wanted) continue;
    faults.add(
      `${basename(lockFile)}: ${name}`,
      `must have the version ${wanted} in this project too, got ${found ?? 'none'}`,
      'pin the same version in both, then run npm ci',
    );
  }
  faults.throwIfAny(lockFile);
  return NODE_MODULES;
}

function read(file: string): PackageJson | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
  } catch {
    return undefined;
  }
}

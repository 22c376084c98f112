import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets every user read a folder, and run what its owner may. Lambda and images run as others than who deploys, whose
 * umask decides otherwise, and the CDK packs files with the modes that they have.
 * See https://docs.aws.amazon.com/lambda/latest/dg/deployment-package-v2.html.
 */
export function readableByAll(directory: string): void {
  chmodSync(directory, 0o755);
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, name);
    const found = statSync(path);
    chmodSync(path, found.isDirectory() || (found.mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}

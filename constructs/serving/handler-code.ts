import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle } from './bundle';
import { readableByAll } from './readable-by-all';

const REPOSITORY = resolve(__dirname, '../..');

/** The handlers of a release, and of batches with it: a folder each below handlers/. */
export const RELEASE_HANDLERS = [
  'batch-due',
  'capture-object-created',
  'model-package-state-change',
  'stack-status-change',
] as const;
export type ReleaseHandler = (typeof RELEASE_HANDLERS)[number];

let bundled: { readonly files: ReadonlyMap<string, string>; readonly hash: string } | undefined;

/**
 * The handlers with all that they import, the SDK included, a file each. Built once a process however many environments
 * and models there are, without Docker, and named by its content.
 */
export function handlerCode(): Code {
  bundled ??= bundleHandlers();
  const { files, hash } = bundled;
  return Code.fromAsset(join(REPOSITORY, 'handlers'), {
    assetHash: hash,
    assetHashType: AssetHashType.CUSTOM,
    bundling: {
      // Never used: the local bundling below can't fail without throwing.
      image: DockerImage.fromRegistry('scratch'),
      local: {
        tryBundle: (directory) => {
          for (const [name, text] of files) {
            const file = join(directory, name);
            mkdirSync(resolve(file, '..'), { recursive: true });
            writeFileSync(file, text);
          }
          readableByAll(directory);
          return true;
        },
      },
    },
  });
}

/** As Lambda names it: the file in the bundle, and what it exports. */
export function entryPoint(handler: ReleaseHandler): string {
  return `${handler}.handler`;
}

function bundleHandlers() {
  const files = bundle('handlers', {
    entryPoints: RELEASE_HANDLERS.map((name) => ({ in: `handlers/${name}/handler.ts`, out: name })),
    // The SDK's ES modules can be pruned, its CommonJS can't.
    mainFields: ['module', 'main'],
  });
  const hash = createHash('sha256');
  for (const [name, text] of files) hash.update(`${name}\0${text}\0`);
  return { files, hash: hash.digest('hex') };
}

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context';
import { ServiceError } from '../service-error';

/** Below our SageMaker's records: the contents, and for each URI which of them was last seen there. */
export const MODEL_ARTIFACTS = 'model-artifact';

/** Name of the file that says which content was last seen under a URI. */
export function lastSeenName(uri: string): string {
  return `${createHash('sha256').update(uri).digest('hex')}.last`;
}

/**
 * The file that holds an object's content. An object is downloaded once per content, however many servers need it.
 * While the storage can't be reached, the content that was last seen under the URI serves: endpoints come back before,
 * or without, the rest of the local AWS.
 * @param uri `s3://bucket/key` of one object
 * @throws ServiceError if there is no such object
 */
export async function fetchModelArtifact(
  { storage, store, log }: Pick<Context, 'storage' | 'store' | 'log'>,
  uri: string,
): Promise<string> {
  const directory = join(store.root, MODEL_ARTIFACTS);
  const lastSeen = join(directory, lastSeenName(uri));
  const objects = await storage.list(uri).catch(async (cause: unknown) => {
    const known = await readFile(lastSeen, 'utf8').catch(() => undefined);
    if (known === undefined || !(await exists(join(directory, known)))) throw missing(uri, (cause as Error).message);
    log(`${uri}: the storage can't be reached, ${(cause as Error).message}; using the copy that was fetched before`);
    return known;
  });
  if (typeof objects === 'string') return join(directory, objects);
  const object = objects.find((candidate) => candidate.uri === uri);
  if (!object) throw missing(uri, 'no such object');
  // The ETag of an object that was uploaded in parts is no digest of its content: the size makes a mix-up less likely.
  const name = `${encodeURIComponent(object.etag)}-${object.size}.tar.gz`;
  const file = join(directory, name);
  await mkdir(directory, { recursive: true });
  if (!(await exists(file))) {
    const body = await storage.read(uri).catch((cause: unknown) => {
      throw missing(uri, (cause as Error).message);
    });
    await replace(file, body);
  }
  await replace(lastSeen, name);
  return file;
}

/** Other starts never see half a file. */
async function replace(file: string, content: Buffer | string): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`;
  await writeFile(draft, content);
  await rename(draft, file);
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** Worded as the service does. */
function missing(uri: string, got: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `Failed to download model data from URL: "${uri}". Please ensure that there is an object located at the URL, got ${got}`,
  );
}

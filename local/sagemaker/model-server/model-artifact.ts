import { randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context';
import { ServiceError } from '../service-error';

/**
 * The file that holds an object's content. An object is downloaded once per content, however many servers need it.
 * @param uri `s3://bucket/key` of one object
 * @throws ServiceError if there is no such object
 */
export async function fetchModelArtifact(
  { storage, store }: Pick<Context, 'storage' | 'store'>,
  uri: string,
): Promise<string> {
  const object = await storage
    .list(uri)
    .then((objects) => objects.find((candidate) => candidate.uri === uri))
    .catch((cause: unknown) => {
      throw missing(uri, (cause as Error).message);
    });
  if (!object) throw missing(uri, 'no such object');
  const directory = join(store.root, 'model-artifact');
  // The ETag of an object that was uploaded in parts is no digest of its content: the size makes a mix-up less likely.
  const file = join(directory, `${encodeURIComponent(object.etag)}-${object.size}.tar.gz`);
  if (
    await stat(file).then(
      ({ size }) => size === object.size,
      () => false,
    )
  )
    return file;
  await mkdir(directory, { recursive: true });
  const draft = `${file}.${randomUUID()}.draft`;
  const body = await storage.read(uri).catch((cause: unknown) => {
    throw missing(uri, (cause as Error).message);
  });
  await writeFile(draft, body);
  await rename(draft, file);
  return file;
}

/** Worded as the service does. */
function missing(uri: string, got: string): ServiceError {
  return new ServiceError(
    'ValidationException',
    `Failed to download model data from URL: "${uri}". Please ensure that there is an object located at the URL, got ${got}`,
  );
}

import { createReadStream, createWriteStream } from 'node:fs';
import { link, lstat, mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { InvalidInputError } from '../../../core/invalid-input-error';

const FIX = 'pack the model folder again, for example `tar -czf model.tar.gz -C model .`';

/**
 * Unpacks a `model.tar.gz` as SageMaker does into `/opt/ml/model`. Nothing is written or linked outside the folder.
 * @param where named in errors, normally the archive's URI
 * @throws InvalidInputError if it isn't a gzipped tar archive, or if an entry leads out of the folder
 */
export async function unpackModel(archive: string, directory: string, where: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const root = await realpath(directory);
  const entries = extract();
  // An archive that ends too early has to end the writing of its last entry, too.
  const broken = new AbortController();
  const reading = pipeline(createReadStream(archive), createGunzip(), entries);
  reading.catch((cause: unknown) => broken.abort(cause));
  let count = 0;
  try {
    for await (const entry of entries) {
      const { header } = entry;
      const target = join(root, ...parts(header.name, where));
      if (target !== root) {
        await makeParent(root, target, header.name, where);
        await write({
          root,
          target,
          header,
          where,
          content: entry as unknown as NodeJS.ReadableStream,
          signal: broken.signal,
        });
      }
      entry.resume();
      count += 1;
    }
    await reading;
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const cause: unknown = broken.signal.aborted ? broken.signal.reason : error;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw new InvalidInputError(where, 'no space left to unpack the model, got ENOSPC', 'free some disk space', {
        cause,
      });
    throw new InvalidInputError(where, `can't unpack the model archive, got ${message}`, FIX, { cause });
  }
  if (count === 0) throw new InvalidInputError(where, 'the model archive has no entries, got an empty archive', FIX);
}

interface WriteProps {
  readonly root: string;
  readonly target: string;
  readonly header: Header;
  readonly where: string;
  readonly content: NodeJS.ReadableStream;
  readonly signal: AbortSignal;
}

async function write({ root, target, header, where, content, signal }: WriteProps): Promise<void> {
  switch (header.type) {
    case 'directory':
      await replaceable(target, header.name, where, true);
      await mkdir(target, { recursive: true });
      return;
    case 'file':
    case 'contiguous-file':
      await replaceable(target, header.name, where, false);
      // `wx` follows no link that is in the way; owners may always read and write what they unpack.
      const mode = ((header.mode ?? 0o644) & 0o777) | 0o600;
      await pipeline(content, createWriteStream(target, { flags: 'wx', mode }), { signal });
      return;
    case 'symlink':
      await replaceable(target, header.name, where, false);
      await symlink(safeLinkTarget(root, target, header, where), target);
      return;
    case 'link': {
      const source = join(root, ...parts(header.linkname ?? '', where));
      requireInside(root, await realpath(source), header.name, where);
      await replaceable(target, header.name, where, false);
      await link(source, target);
      return;
    }
    default:
      throw new InvalidInputError(
        where,
        `${header.name} is neither a file, a folder nor a link, got type ${header.type ?? 'unknown'}`,
        FIX,
      );
  }
}

/** The parts of an entry's name. Empty for the folder itself, which `tar -C model .` puts first. */
function parts(name: string, where: string): string[] {
  const found = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || name.includes('\\') || name.includes('\0') || found.includes('..'))
    throw leadsOut(name, name, where);
  return found;
}

async function makeParent(root: string, target: string, name: string, where: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  // An earlier entry may have made one of the folders a link.
  requireInside(root, await realpath(dirname(target)), name, where);
}

/**
 * A link may climb with `..` at its beginning only and no further than the root. Because that holds for all of them,
 * following any chain of them stays inside.
 */
function safeLinkTarget(root: string, target: string, header: Header, where: string): string {
  const linkname = header.linkname ?? '';
  const steps = linkname.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = steps.findIndex((part) => part !== '..');
  const up = climbs === -1 ? steps.length : climbs;
  const depth = relative(root, dirname(target)).split(sep).filter(Boolean).length;
  if (linkname === '' || posix.isAbsolute(linkname) || up > depth || steps.slice(up).includes('..'))
    throw leadsOut(header.name, linkname, where);
  return linkname;
}

/** Removes a file or link that an earlier entry of the same name made; folders stay. */
async function replaceable(target: string, name: string, where: string, directory: boolean): Promise<void> {
  const existing = await lstat(target).catch(() => undefined);
  if (!existing) return;
  if (existing.isDirectory()) {
    if (directory) return;
    throw new InvalidInputError(where, `${name} is in the archive twice, got a folder and something else`, FIX);
  }
  await rm(target);
}

function requireInside(root: string, path: string, name: string, where: string): void {
  if (path !== root && !path.startsWith(root + sep)) throw leadsOut(name, path, where);
}

function leadsOut(name: string, got: string, where: string): InvalidInputError {
  return new InvalidInputError(where, `${name} leads out of the model folder, got ${got}`, FIX);
}

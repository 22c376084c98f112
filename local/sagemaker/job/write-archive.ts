import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as createPack, type Header, type Pack } from 'tar-stream';

/**
 * Packs the files below a folder into a `.tar.gz` whose bytes depend on nothing but their paths and contents: sorted,
 * no times, no owners.
 * @returns the number of entries that aren't folders
 */
export async function writeArchive(directory: string, file: string): Promise<number> {
  await mkdir(dirname(file), { recursive: true });
  const pack = createPack();
  let count = 0;
  const written = pipeline(pack, createGzip({ level: 6 }), createWriteStream(file));
  const add = async (folder: string): Promise<void> => {
    const names = await readdir(join(directory, folder)).catch(() => []);
    for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const stats = await lstat(join(directory, path));
      const header = { name: path, mtime: new Date(0), uid: 0, gid: 0, mode: stats.mode & 0o111 ? 0o755 : 0o644 };
      if (stats.isDirectory()) {
        await writeEntry(pack, { ...header, name: `${path}/`, type: 'directory', mode: 0o755 });
        await add(path);
      } else if (stats.isSymbolicLink()) {
        await writeEntry(pack, { ...header, type: 'symlink', linkname: await readlink(join(directory, path)) });
        count += 1;
      } else if (stats.isFile()) {
        await writeEntry(pack, { ...header, size: stats.size }, join(directory, path));
        count += 1;
      }
    }
  };
  await Promise.all([
    add('').then(
      () => pack.finalize(),
      (error: Error) => pack.destroy(error),
    ),
    written,
  ]);
  return count;
}

type Entry = Partial<Header> & Pick<Header, 'name'>;

async function writeEntry(pack: Pack, header: Entry, source?: string): Promise<void> {
  if (source === undefined) {
    pack.entry(header);
    return;
  }
  await pipeline(createReadStream(source), pack.entry(header));
}

import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

export interface ArchiveEntry {
  readonly name: string;
  readonly type: unknown;
  readonly mode: number;
  readonly text: string;
  readonly linkname?: string;
}

/** What a `.tar.gz` holds, in its order. */
export async function entriesOf(archive: Buffer): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  const reader = Readable.from([archive]).pipe(createGunzip()).pipe(extract());
  for await (const entry of reader) {
    const { name, type, mode, linkname } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    entries.push({ name, type, mode: mode ?? 0, text, ...(linkname && { linkname }) });
  }
  return entries;
}

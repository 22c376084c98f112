import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** @returns the file's first bytes as text without surrounding blanks, undefined if there is no file or no text */
export async function readHead(file: string, bytes: number): Promise<string | undefined> {
  return readPart(file, (size) => [0, Math.min(size, bytes)]);
}

/** @returns the file's last bytes as text, cut to whole lines where it has more than one */
export async function readTail(file: string, bytes: number): Promise<string | undefined> {
  const text = await readPart(file, (size) => [Math.max(0, size - bytes), Math.min(size, bytes)]);
  if (text === undefined || text.length < bytes / 2) return text;
  const firstBreak = text.indexOf('\n');
  return firstBreak === -1 ? text : text.slice(firstBreak + 1);
}

async function readPart(file: string, part: (size: number) => [number, number]): Promise<string | undefined> {
  // Mostly there is none; a look takes a hundredth of what an attempt to open it does.
  if (!existsSync(file)) return undefined;
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const [position, length] = part((await handle.stat()).size);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(length), position, length });
    // A cut may fall inside a character, which then reads as U+FFFD.
    const text = buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\uFFFD+|\uFFFD+$/g, '')
      .trim();
    return text === '' ? undefined : text;
  } finally {
    await handle.close();
  }
}

import { createReadStream } from 'node:fs';
import { InvalidInputError } from '../../core/invalid-input-error';

/** A return at the very end may be the first half of a line's end. */
const END = /\r\n|\n|\r(?=[^])/;

/**
 * The lines of a file without their ends, and without a byte order mark. Lines with nothing but blanks are left out.
 * @throws InvalidInputError if it isn't UTF-8
 */
export async function* fileLines(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Buffer): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new InvalidInputError(file, 'must be UTF-8, got other bytes', 'encode it', { cause });
    }
  };
  let rest = '';
  for await (const bytes of createReadStream(file)) {
    const lines = (rest + decode(bytes as Buffer)).split(END);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  const last = (rest + decode()).replace(/\r$/, '');
  if (last.trim() !== '') yield last;
}

import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { InvalidInputError } from '../../core/invalid-input-error';

/** Largest body of InvokeEndpoint, in bytes. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html */
export const LARGEST_BODY = 25 * 1024 * 1024;

const CONTENT_TYPES: Readonly<Record<string, string>> = { '.csv': 'text/csv', '.json': 'application/json' };

/**
 * The body of a request.
 * @param file or `-` for the standard input
 * @throws InvalidInputError if there is no such file, or it is empty or too large
 */
export async function readBody(file: string, standardInput: NodeJS.ReadableStream): Promise<Buffer> {
  const body = file === '-' ? await buffer(standardInput) : await readFileOrFault(file);
  const where = file === '-' ? 'standard input' : file;
  if (body.length === 0) {
    throw new InvalidInputError(where, 'must not be empty, got no content', 'send a row as JSON or CSV');
  }
  if (body.length <= LARGEST_BODY) return body;
  throw new InvalidInputError(
    where,
    `must be at most ${LARGEST_BODY} bytes, got ${body.length}`,
    'send fewer rows, or use a batch transform',
  );
}

async function readFileOrFault(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new InvalidInputError('--body', `can't be read, got ${file} (${code})`, 'name a file, or - for stdin', {
      cause,
    });
  }
}

/** @returns what the file's ending says, or JSON */
export function contentTypeOf(file: string): string {
  return CONTENT_TYPES[extname(file).toLowerCase()] ?? 'application/json';
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../../core/invalid-input-error';

const Card = z.object({ onnx: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) });

/**
 * The SHA-256 that `model.json` promises for `model.onnx`.
 * @throws InvalidInputError if there is no such promise
 */
export async function promisedSha256(directory: string): Promise<string> {
  const file = join(directory, 'model.json');
  const fix = 'export the model again, or set MODEL_SERVER_MODEL_SHA256';
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new InvalidInputError(
      file,
      `can't be read, got ${(cause as NodeJS.ErrnoException).code ?? 'an error'}`,
      fix,
      {
        cause,
      },
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(file, `must be JSON, got ${(cause as Error).message.slice(0, 120)}`, fix, { cause });
  }
  const card = Card.safeParse(content);
  if (!card.success) throw new InvalidInputError(file, 'must hold onnx.sha256, got none', fix);
  return card.data.onnx.sha256;
}

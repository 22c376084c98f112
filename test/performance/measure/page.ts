import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { InvalidInputError } from '../../../core/invalid-input-error';

/** In the repository. */
export const PAGE = 'docs/performance.md';

/**
 * Puts a part's text between its markers and leaves the rest of the page alone.
 * @throws InvalidInputError if the page doesn't have each marker once, in this order
 */
export function replacePart(page: string, part: string, text: string): string {
  const begin = `<!-- bench ${part}: begin -->`;
  const end = `<!-- bench ${part}: end -->`;
  const [before, inside, ...more] = page.split(begin);
  const [, after, ...others] = (inside ?? '').split(end);
  if (before === undefined || after === undefined || more.length > 0 || others.length > 0) {
    throw new InvalidInputError(
      PAGE,
      `must hold ${begin} and ${end} once each, got another page`,
      'put the markers back',
    );
  }
  return `${before}${begin}\n\n${text.trim()}\n\n${end}${after}`;
}

/** The page is there in full whenever it is read, and as it was if this fails. */
export function writePart(file: string, part: string, text: string): void {
  const page = replacePart(readFileSync(file, 'utf8'), part, text);
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, page);
  renameSync(draft, file);
}

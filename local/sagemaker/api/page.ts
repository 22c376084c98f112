import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';

/** Where an item stands in the order of a list: compared part by part, the last part tells equal items apart. */
export type SortKey = readonly (string | number)[];

export interface Page<T> {
  readonly items: readonly T[];
  readonly NextToken?: string;
}

export interface PageProps<T> {
  /** All items that the request asks for, in any order. */
  readonly items: readonly T[];
  readonly keyOf: (item: T) => SortKey;
  /** @default false */
  readonly descending?: boolean;
  /** The request: its NextToken and MaxResults are used, everything else has to stay the same from page to page. */
  readonly input: JsonObject;
  /** @default 10 */
  readonly defaultSize?: number;
  /** @default 100 */
  readonly largestSize?: number;
  /** @default 'ValidationException' */
  readonly invalidTokenCode?: ServiceError['code'];
}

/**
 * Cuts a page out of a list. A token names the last item that was given, not a position: items that come or go
 * between two requests neither repeat nor hide others.
 * @throws ServiceError ValidationException if the token isn't one of ours or belongs to another query, or if MaxResults
 *   isn't a whole number from 1 to the largest size
 */
export function page<T>(props: PageProps<T>): Page<T> {
  const { items, keyOf, descending = false, input, defaultSize = 10, largestSize = 100 } = props;
  const { invalidTokenCode = 'ValidationException' } = props;
  const { NextToken, MaxResults, ...query } = input;
  const fingerprint = createHash('sha256').update(canonical(query)).digest('base64url').slice(0, 16);
  const direction = descending ? -1 : 1;
  const sorted = items.map((item) => ({ item, key: keyOf(item) })).sort((a, b) => direction * compare(a.key, b.key));
  const after = NextToken === undefined ? undefined : readToken(NextToken, fingerprint, invalidTokenCode);
  const rest = after ? sorted.filter(({ key }) => direction * compare(key, after) > 0) : sorted;
  const size = typeof MaxResults === 'number' ? requireSize(MaxResults, largestSize) : defaultSize;
  const chosen = rest.slice(0, size);
  const last = chosen.at(-1);
  return {
    items: chosen.map(({ item }) => item),
    ...(rest.length > size && last && { NextToken: writeToken(last.key, fingerprint) }),
  };
}

function requireSize(size: number, largest: number): number {
  if (Number.isInteger(size) && size >= 1 && size <= largest) return size;
  const bound = size < 1 ? 'greater than or equal to 1' : `less than or equal to ${largest}`;
  throw new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

function compare(a: SortKey, b: SortKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return a.length - b.length;
}

function canonical(query: JsonObject): string {
  return JSON.stringify(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function writeToken(key: SortKey, fingerprint: string): string {
  return Buffer.from(JSON.stringify([fingerprint, ...key])).toString('base64url');
}

function readToken(token: Json, fingerprint: string, invalidTokenCode: ServiceError['code']): SortKey {
  try {
    const [of, ...key] = JSON.parse(Buffer.from(token as string, 'base64url').toString()) as [string, ...SortKey];
    if (of === fingerprint && key.every((part) => typeof part === 'string' || typeof part === 'number')) return key;
  } catch {
    // answered below
  }
  throw new ServiceError(invalidTokenCode, `Invalid NextToken: ${token as string} isn't a token of this list`);
}

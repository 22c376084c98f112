export const CSV = 'text/csv';
export const JSON_TYPE = 'application/json';
export const JSON_LINES = 'application/jsonlines';
export const PARQUET = 'application/x-parquet';

export type AnswerType = typeof CSV | typeof JSON_TYPE | typeof JSON_LINES;
export type RequestType = AnswerType | typeof PARQUET;

/** Other names of the same types. */
const REQUEST_TYPES: ReadonlyMap<string, RequestType> = new Map([
  [CSV, CSV],
  [JSON_TYPE, JSON_TYPE],
  [JSON_LINES, JSON_LINES],
  ['application/x-ndjson', JSON_LINES],
  ['application/jsonl', JSON_LINES],
  [PARQUET, PARQUET],
  ['application/vnd.apache.parquet', PARQUET],
]);

/** @returns undefined for a type that can't be read */
export function requestType(contentType: string | undefined): RequestType | undefined {
  if (contentType === undefined) return undefined;
  return REQUEST_TYPES.get(contentType) ?? REQUEST_TYPES.get(bare(contentType));
}

/** For a range of types such as `text/*`. */
const FIRST: readonly AnswerType[] = [JSON_TYPE, CSV];
const NEVER = /;\s*q\s*=\s*0(\.0*)?\s*(;|$)/i;

/** The first type of an Accept header that can be answered with; undefined if there is none. */
export function chooseAnswerType(accept: string, fallback: AnswerType): AnswerType | undefined {
  const named = REQUEST_TYPES.get(accept);
  if (named !== undefined && named !== PARQUET) return named;
  for (const part of accept.split(',')) {
    if (NEVER.test(part)) continue;
    const wanted = bare(part);
    if (wanted === '' || wanted === '*/*') return fallback;
    const ofRange = [fallback, ...FIRST].find((one) => wanted === one.replace(/[^/]*$/, '*'));
    const type = REQUEST_TYPES.get(wanted) ?? ofRange;
    if (type !== undefined && type !== PARQUET) return type;
  }
  return undefined;
}

/** Without parameters such as a charset. */
function bare(type: string): string {
  return (type.split(';', 1)[0] ?? '').trim().toLowerCase();
}

import type { Column } from '../model/column';
import type { Source } from '../rows/read-table';
import { show } from '../rows/show';
import { bodyFault } from './body-fault';
import { hasMoreObjects } from './count-objects';
import { mostRows, OF_OBJECTS, tooManyRows } from './most-rows';
import { objectSource } from './object-source';

const FIX = 'send {"instances": [{...}]}';

/** `{"instances": [{column: value, …}, …]}` */
export function jsonSource(text: string, columns: readonly Column[]): Source {
  const most = mostRows(text.length, columns.length, OF_OBJECTS);
  // Each row, and the one that holds them.
  if (hasMoreObjects(text, most + 1)) throw tooManyRows(most);
  const content = parseJson(text, 'body');
  const rows = isObject(content) ? content.instances : undefined;
  if (!Array.isArray(rows) || rows.length === 0) {
    throw bodyFault(`must be an object with a list of instances, got ${show(content)}`, FIX);
  }
  return objectSource(rows, columns);
}

/** A JSON object a line, as SageMaker's batch transform splits them. */
export function jsonLinesSource(text: string, columns: readonly Column[]): Source {
  const most = mostRows(text.length, columns.length, OF_OBJECTS);
  const rows: unknown[] = [];
  let number = 0;
  for (let at = 0; at < text.length; number += 1) {
    const found = text.indexOf('\n', at);
    const end = found === -1 ? text.length : found;
    // A return before the line's end is space to JSON.
    const line = text.slice(at, end);
    at = end + 1;
    if (line.trim() === '') continue;
    if (rows.length === most) throw tooManyRows(most);
    rows.push(parseJson(line, `body, line ${number + 1}`));
  }
  if (rows.length === 0) throw bodyFault('must hold rows, got none', 'send a JSON object a line');
  return objectSource(rows, columns);
}

/** @throws InvalidInputError */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const { message } = error as Error;
    throw bodyFault(`must be JSON, got ${message.slice(0, 120)}${where === 'body' ? '' : ` in ${where}`}`, FIX, error);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Column } from '../model/column';
import type { Source } from '../rows/read-table';
import { show } from '../rows/show';
import { bodyFault } from './body-fault';
import { objectSource } from './object-source';

const FIX = 'send {"instances": [{...}]}';

/** `{"instances": [{column: value, …}, …]}` */
export function jsonSource(text: string, columns: readonly Column[]): Source {
  const content = parseJson(text, 'body');
  const rows = isObject(content) ? content.instances : undefined;
  if (!Array.isArray(rows) || rows.length === 0) {
    throw bodyFault(`must be an object with a list of instances, got ${show(content)}`, FIX);
  }
  return objectSource(rows, columns);
}

/** A JSON object a line, as SageMaker's batch transform splits them. */
export function jsonLinesSource(text: string, columns: readonly Column[]): Source {
  const rows = text
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseJson(line, `body, line ${index + 1}`)]));
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

import { CSV, JSON_LINES, JSON_TYPE, PARQUET, type RequestType } from '../media-types';
import type { Column } from '../model/column';
import { type ReadTableOptions, readTable } from '../rows/read-table';
import type { Table } from '../rows/table';
import { csvSource } from './csv-source';
import { decodeText } from './decode-text';
import { jsonLinesSource, jsonSource } from './json-source';
import { parquetSource } from './parquet-source';
import { scanInstances } from './scan-instances';

/** The rows of a body. @throws InvalidInputError that names the first faults by row, from 1, and column */
export async function readBody(
  body: Buffer,
  type: RequestType,
  columns: readonly Column[],
  options: ReadTableOptions,
): Promise<Table> {
  if (type === PARQUET) return readTable(columns, await parquetSource(body, columns), options);
  const text = decodeText(body);
  if (type === JSON_TYPE) {
    const table = scanInstances(body, text, columns, options);
    if (table) return table;
  }
  const read = type === CSV ? csvSource : type === JSON_LINES ? jsonLinesSource : jsonSource;
  return readTable(columns, read(text, columns), options);
}

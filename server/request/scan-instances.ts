import type { Column } from '../model/column';
import type { ReadTableOptions } from '../rows/read-table';
import { type Cells, emptyTable, type Table } from '../rows/table';
import { JsonScanner } from './json-scanner';

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const INSTANCES = Buffer.from('"instances"');

/** Of a model's columns, which are the same for all requests. */
const keysOfColumns = new WeakMap<readonly Column[], readonly Uint8Array[]>();

/** The names as they are in JSON. */
function keysOf(columns: readonly Column[]): readonly Uint8Array[] {
  const known = keysOfColumns.get(columns);
  if (known) return known;
  const keys = columns.map(({ name }) => Buffer.from(JSON.stringify(name)));
  keysOfColumns.set(columns, keys);
  return keys;
}

/** One column while it is scanned; its cells are the ones or the others. */
interface Scanned {
  readonly column: Column;
  readonly key: Uint8Array;
  readonly numbers?: Float64Array;
  readonly words?: string[];
  readonly required: boolean;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * The table of `{"instances": [{column: value, …}, …]}` without an object a row, in half the time: rows that have every
 * column, in the order of the first, all in ASCII, and no fault.
 * @returns undefined for any other text; what is wrong with it, if anything, `jsonSource` and `readTable` say
 */
export function scanInstances(
  body: Uint8Array,
  text: string,
  columns: readonly Column[],
  options: ReadTableOptions,
): Table | undefined {
  // Other characters than ASCII take several bytes.
  if (text.length !== body.length || columns.length === 0) return undefined;
  if (columns.some(({ type }) => type !== 'string' && type !== 'float64')) return undefined;
  const scanner = new JsonScanner(body, text);
  if (!scanner.takeCode(OPEN) || !scanner.take(INSTANCES) || !scanner.takeCode(COLON)) return undefined;
  if (!scanner.takeCode(OPEN_LIST)) return undefined;
  const keys = keysOf(columns);
  const table = emptyTable(columns, mostRows(text, keys));
  const left = columns.map((column, index) =>
    scanned(column, keys[index] as Uint8Array, table.columns[index] as Cells),
  );
  const ordered: Scanned[] = [];
  const unknown: string[] = [];
  let rows = 0;
  do {
    if (rows === table.rows || !scanner.takeCode(OPEN)) return undefined;
    for (let place = 0; place < columns.length; place += 1) {
      if (place > 0 && !scanner.takeCode(COMMA)) return undefined;
      if (rows === 0) {
        const index = left.findIndex(({ key }) => scanner.take(key));
        if (index === -1) return undefined;
        ordered.push(...left.splice(index, 1));
      } else if (!scanner.take((ordered[place] as Scanned).key)) return undefined;
      const cells = ordered[place] as Scanned;
      if (!scanner.takeCode(COLON)) return undefined;
      if (cells.numbers ? !scanNumber(scanner, cells, cells.numbers, rows) : !scanWord(scanner, cells, rows, unknown)) {
        return undefined;
      }
    }
    if (!scanner.takeCode(CLOSE)) return undefined;
    rows += 1;
  } while (scanner.takeCode(COMMA));
  if (!scanner.takeCode(CLOSE_LIST) || !scanner.takeCode(CLOSE) || !scanner.isAtEnd) return undefined;
  if (unknown.length > 0 && options.refuseUnknown) return undefined;
  for (const name of unknown) options.onUnknown?.(name);
  return rows === table.rows ? table : { rows, columns: table.columns.map((cells) => firstOf(cells, rows)) };
}

function scanned(column: Column, key: Uint8Array, cells: Cells): Scanned {
  const { required, minimum = -Infinity, maximum = Infinity } = column;
  const isWord = Array.isArray(cells);
  return {
    column,
    key,
    numbers: isWord ? undefined : (cells as Float64Array),
    words: isWord ? cells : undefined,
    required,
    minimum,
    maximum,
  };
}

/** @returns false if it is nothing that the column takes as it is */
function scanNumber(scanner: JsonScanner, cells: Scanned, numbers: Float64Array, row: number): boolean {
  const number = scanner.number();
  if (number === undefined) return false;
  numbers[row] = number;
  if (Number.isNaN(number)) return !cells.required;
  return Number.isFinite(number) && number >= cells.minimum && number <= cells.maximum;
}

/** @param unknown takes the column's name for each word that the model never saw @returns false as {@link scanNumber} */
function scanWord(scanner: JsonScanner, { column, words, required }: Scanned, row: number, unknown: string[]): boolean {
  const word = scanner.word();
  if (words === undefined || word === undefined) return false;
  if (word === '') return !required;
  words[row] = word;
  if (column.categories && !column.categories.has(word)) unknown.push(column.name);
  return true;
}

/** No fewer than there are, and no more than would fit if each had all keys. */
function mostRows(text: string, keys: readonly Uint8Array[]): number {
  // A colon, a digit and a comma a cell.
  const shortest = keys.reduce((length, key) => length + key.length + 3, 1);
  const fit = Math.ceil(text.length / shortest);
  let found = 0;
  for (let at = text.indexOf('{', 1); at !== -1 && found < fit; at = text.indexOf('{', at + 1)) found += 1;
  return found;
}

function firstOf(cells: Cells, rows: number): Cells {
  return Array.isArray(cells) ? cells.slice(0, rows) : cells.subarray(0, rows);
}

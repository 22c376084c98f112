import type { Column } from '../model/column';
import { gaps } from '../rows/gaps';
import { PackedTable } from '../rows/packed-table';
import type { ReadTableOptions } from '../rows/read-table';
import type { Table } from '../rows/table';
import { type InstancePlan, instancePlan, type PlannedColumn } from './instance-plan';
import { JsonScanner } from './json-scanner';

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const INSTANCES = Buffer.from('"instances"');

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
  if (text.length !== body.length) return undefined;
  const plan = instancePlan(columns);
  if (plan === undefined) return undefined;
  const scanner = new JsonScanner(body, text);
  if (!scanner.takeCode(OPEN) || !scanner.take(INSTANCES) || !scanner.takeCode(COLON)) return undefined;
  if (!scanner.takeCode(OPEN_LIST)) return undefined;
  const room = mostRows(text, plan);
  const cells: Scanned = {
    room,
    words: gaps(plan.words * room),
    numbers: new Float64Array(plan.numbers * room),
    unknown: [],
  };
  const order = [...plan.order];
  let rows = 0;
  do {
    if (rows === room || !scanner.takeCode(OPEN)) return undefined;
    for (let place = 0; place < order.length; place += 1) {
      if (place > 0 && !scanner.takeCode(COMMA)) return undefined;
      if (!scanner.take((order[place] as PlannedColumn).key) && (rows > 0 || !reorder(scanner, order, place)))
        return undefined;
      if (!scanner.takeCode(COLON) || !scanCell(scanner, order[place] as PlannedColumn, cells, rows)) return undefined;
    }
    if (!scanner.takeCode(CLOSE)) return undefined;
    rows += 1;
  } while (scanner.takeCode(COMMA));
  if (!scanner.takeCode(CLOSE_LIST) || !scanner.takeCode(CLOSE) || !scanner.isAtEnd) return undefined;
  if (cells.unknown.length > 0 && options.refuseUnknown) return undefined;
  for (const name of cells.unknown) options.onUnknown?.(name);
  plan.order = order;
  return new PackedTable(rows, room, plan.places, cells.words, cells.numbers);
}

interface Scanned {
  /** Rows that a column has room for. */
  readonly room: number;
  readonly words: string[];
  readonly numbers: Float64Array;
  /** A column's name for each word that the model never saw. */
  readonly unknown: string[];
}

/** Takes one of the columns that weren't seen yet, and puts it at its place. @returns false if none comes next */
function reorder(scanner: JsonScanner, order: PlannedColumn[], place: number): boolean {
  for (let later = place + 1; later < order.length; later += 1) {
    const column = order[later] as PlannedColumn;
    if (!scanner.take(column.key)) continue;
    order[later] = order[place] as PlannedColumn;
    order[place] = column;
    return true;
  }
  return false;
}

/** @returns false if it is nothing that the column takes as it is */
function scanCell(scanner: JsonScanner, column: PlannedColumn, cells: Scanned, row: number): boolean {
  const at = column.at * cells.room + row;
  if (column.isWord) {
    const word = scanner.word();
    if (word === undefined) return false;
    cells.words[at] = word;
    if (word === '') return !column.required;
    if (column.categories && !column.categories.has(word)) cells.unknown.push(column.name);
    return true;
  }
  const number = scanner.number();
  if (number === undefined) return false;
  cells.numbers[at] = number;
  if (Number.isNaN(number)) return !column.required;
  return Number.isFinite(number) && number >= column.minimum && number <= column.maximum;
}

/** No fewer than there are, and no more than would fit if each had all keys. */
function mostRows(text: string, { shortest }: InstancePlan): number {
  const fit = Math.ceil(text.length / shortest);
  let found = 0;
  for (let at = text.indexOf('{', 1); at !== -1 && found < fit; at = text.indexOf('{', at + 1)) found += 1;
  return found;
}

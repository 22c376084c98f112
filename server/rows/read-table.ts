import { boundsOf, type Column } from '../model/column';
import { RowFaults } from './row-faults';
import { show } from './show';
import { type Cells, emptyTable, type Table } from './table';

/** What a form of requests has of its own. */
export interface Source {
  readonly rows: number;
  /** The raw value; undefined, null and '' are gaps. @param row from 0 */
  cell(row: number, column: number): unknown;
  /** NaN for whatever isn't a number. */
  number(value: unknown): number;
}

export interface ReadTableOptions {
  /** Whether a word that the model never saw is a fault. @default false */
  readonly refuseUnknown?: boolean;
  /** Told of each such word otherwise. */
  readonly onUnknown?: (column: string) => void;
}

/**
 * The table that a model takes.
 * @throws InvalidInputError that names the first faults by row, from 1, and column
 */
export function readTable(columns: readonly Column[], source: Source, options: ReadTableOptions = {}): Table {
  const faults = new RowFaults();
  const table = emptyTable(columns, source.rows);
  columns.forEach((column, index) => {
    const cells = table.columns[index] as Cells;
    if (column.kind === 'category') readWords(column, index, cells as string[], source, options, faults);
    else readNumbers(column, index, cells as Exclude<Cells, string[]>, source, faults);
  });
  faults.throwIfAny();
  return table;
}

function readWords(
  column: Column,
  index: number,
  cells: string[],
  source: Source,
  { refuseUnknown = false, onUnknown }: ReadTableOptions,
  faults: RowFaults,
): void {
  const { name, required, categories } = column;
  for (let row = 0; row < cells.length; row += 1) {
    const value = source.cell(row, index);
    if (isGap(value)) {
      if (required) faults.add(row, name, () => 'must have a value, got none');
    } else if (typeof value !== 'string') {
      faults.add(row, name, () => `must be a string, got ${show(value)}`);
    } else {
      cells[row] = value;
      if (categories === undefined || categories.has(value)) continue;
      if (refuseUnknown) faults.add(row, name, () => `must be a word that the model knows, got ${show(value)}`);
      else onUnknown?.(name);
    }
  }
}

function readNumbers(
  column: Column,
  index: number,
  cells: Exclude<Cells, string[]>,
  source: Source,
  faults: RowFaults,
): void {
  const { name, required, minimum = -Infinity, maximum = Infinity, type } = column;
  const whole = type === 'int64' || type === 'int32';
  const [low, high] = type === 'int32' ? [-(2 ** 31), 2 ** 31 - 1] : [-Infinity, Infinity];
  for (let row = 0; row < cells.length; row += 1) {
    const value = source.cell(row, index);
    if (isGap(value)) {
      if (required) faults.add(row, name, () => 'must have a value, got none');
      else cells[row] = Number.NaN;
      continue;
    }
    const number = source.number(value);
    // What single precision doesn't reach would become infinite in its cell.
    const isFinite = Number.isFinite(type === 'float32' ? Math.fround(number) : number);
    const legal = isFinite && number >= minimum && number <= maximum;
    if (!legal || (whole && !(Number.isSafeInteger(number) && number >= low && number <= high))) {
      faults.add(row, name, () => `must be a ${whole ? 'whole ' : ''}number${boundsOf(column)}, got ${show(value)}`);
    } else if (cells instanceof BigInt64Array) cells[row] = BigInt(number);
    else cells[row] = number;
  }
}

function isGap(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

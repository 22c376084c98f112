import type { Column } from '../model/column';
import { gaps } from './gaps';
import { PackedTable } from './packed-table';

export type Cells = string[] | Float64Array | Float32Array | BigInt64Array | Int32Array;

/** Rows of a request, a list of cells for each column of the model and in its order. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Cells[];
}

const ARRAYS = { float64: Float64Array, float32: Float32Array, int64: BigInt64Array, int32: Int32Array } as const;
/** Of a cell of the widest type: columns in one buffer have to begin at multiples of it. */
const CELL_BYTES = 8;

/**
 * Room for so many rows: gaps for words, 0 for numbers. All numbers share one buffer, as the runtime takes memory of
 * its own for each.
 */
export function emptyTable(columns: readonly Column[], rows: number): Table {
  const numbers = columns.reduce((count, { type }) => (type === 'string' ? count : count + 1), 0);
  const buffer = new ArrayBuffer(numbers * rows * CELL_BYTES);
  let at = 0;
  const cells = columns.map(({ type }): Cells => {
    if (type === 'string') return gaps(rows);
    const column = new ARRAYS[type](buffer, at, rows);
    at += rows * CELL_BYTES;
    return column;
  });
  return { rows, columns: cells };
}

/** Rows `from` to before `to` of a table. */
export interface Part {
  readonly table: Table;
  readonly from: number;
  readonly to: number;
}

/** The parts below one another. A part that is a whole table isn't copied. */
export function joinParts(columns: readonly Column[], parts: readonly Part[]): Table {
  const [only, ...others] = parts;
  if (only && others.length === 0 && only.from === 0 && only.to === only.table.rows) return only.table;
  const joined = emptyTable(
    columns,
    parts.reduce((rows, { from, to }) => rows + to - from, 0),
  );
  joined.columns.forEach((cells, column) => {
    let at = 0;
    for (const { table, from, to } of parts) {
      if (table instanceof PackedTable) table.copy(column, from, to, cells, at);
      else copyCells(table.columns[column] as Cells, from, to, cells, at);
      at += to - from;
    }
  });
  return joined;
}

function copyCells(source: Cells, from: number, to: number, target: Cells, at: number): void {
  if (Array.isArray(source))
    for (let row = from; row < to; row += 1) (target as string[])[at + row - from] = source[row] ?? '';
  else {
    const isWhole = from === 0 && to === source.length;
    (target as Float64Array).set((isWhole ? source : source.subarray(from, to)) as Float64Array, at);
  }
}

import type { CellType, Column } from '../model/column';

export type Cells = string[] | Float64Array | Float32Array | BigInt64Array | Int32Array;

/** Rows of a request, a list of cells for each column of the model and in its order. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Cells[];
}

const EMPTY: Readonly<Record<CellType, (rows: number) => Cells>> = {
  // A gap until it is written.
  string: (rows) => Array.from({ length: rows }, () => ''),
  float64: (rows) => new Float64Array(rows),
  float32: (rows) => new Float32Array(rows),
  int64: (rows) => new BigInt64Array(rows),
  int32: (rows) => new Int32Array(rows),
};

/** Room for so many rows. */
export function emptyTable(columns: readonly Column[], rows: number): Table {
  return { rows, columns: columns.map(({ type }) => EMPTY[type](rows)) };
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
      copyCells(table.columns[column] as Cells, from, to, cells, at);
      at += to - from;
    }
  });
  return joined;
}

function copyCells(source: Cells, from: number, to: number, target: Cells, at: number): void {
  if (Array.isArray(source))
    for (let row = from; row < to; row += 1) (target as string[])[at + row - from] = source[row] ?? '';
  else (target as Float64Array).set(source.subarray(from, to) as Float64Array, at);
}

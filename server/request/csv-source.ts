import { InvalidInputError } from '../../core/invalid-input-error';
import type { Column } from '../model/column';
import type { Source } from '../rows/read-table';
import { bodyFault } from './body-fault';
import { csvLines } from './csv-lines';
import { mostRows, OF_LINES, tooManyRows } from './most-rows';

/** The columns in the model's order, or in any order below a header that names them; an empty cell is a gap. */
export function csvSource(text: string, columns: readonly Column[]): Source {
  const names = columns.map(({ name }) => name);
  const most = mostRows(text.length, columns.length, OF_LINES);
  let header: readonly string[] | undefined;
  // A row behind the other.
  const cells: string[] = [];
  let rows = 0;
  for (const line of csvLines(text)) {
    if (header === undefined) {
      const isHeader = line.some((cell) => names.includes(cell));
      header = isHeader ? checkedHeader(line, columns) : names;
      if (isHeader) continue;
    }
    rows += 1;
    if (rows > most) throw tooManyRows(most);
    if (line.length !== header.length) {
      throw new InvalidInputError(
        `row ${rows}`,
        `must have ${header.length} cells, got ${line.length}`,
        `send ${header.join(', ')} in this order`,
      );
    }
    for (const cell of line) cells.push(cell);
  }
  if (header === undefined || rows === 0) throw bodyFault('must hold rows, got none', 'send a line for each row');
  const width = header.length;
  const places = names.map((name) => header.indexOf(name));
  return {
    rows,
    cell: (row, column) => {
      const place = places[column] ?? -1;
      return place < 0 ? undefined : cells[row * width + place];
    },
    number: (value) => numberOfText(value as string),
  };
}

function checkedHeader(cells: readonly string[], columns: readonly Column[]): readonly string[] {
  const known = columns.map(({ name }) => name).sort();
  const unknown = cells.find((cell) => !known.includes(cell));
  if (unknown !== undefined) {
    const problem = `has no use for the column ${unknown.slice(0, 40)}`;
    throw new InvalidInputError('header', problem, `send ${known.join(', ')}`);
  }
  const missing = columns.flatMap(({ name, required }) => (required && !cells.includes(name) ? [name] : [])).sort();
  if (missing.length > 0) throw new InvalidInputError('header', `lacks the columns ${missing.join(', ')}`, 'add them');
  if (new Set(cells).size < cells.length) {
    throw new InvalidInputError('header', `names a column twice, got ${cells.join(', ')}`, 'name each once');
  }
  return cells;
}

const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

/** NaN for whatever isn't a decimal number: `Number` takes 0x5 and blanks as well. */
function numberOfText(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}

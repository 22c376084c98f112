import { InvalidInputError } from '../../core/invalid-input-error';
import type { Column } from '../model/column';
import type { Source } from '../rows/read-table';
import { bodyFault } from './body-fault';
import { csvLines } from './csv-lines';

/** The columns in the model's order, or in any order below a header that names them; an empty cell is a gap. */
export function csvSource(text: string, columns: readonly Column[]): Source {
  const lines = csvLines(text);
  const names = columns.map(({ name }) => name);
  const header = lines[0]?.some((cell) => names.includes(cell)) ? checkedHeader(lines.shift() ?? [], columns) : names;
  if (lines.length === 0) throw bodyFault('must hold rows, got none', 'send a line for each row');
  lines.forEach((line, row) => {
    if (line.length === header.length) return;
    throw new InvalidInputError(
      `row ${row + 1}`,
      `must have ${header.length} cells, got ${line.length}`,
      `send ${header.join(', ')} in this order`,
    );
  });
  const places = names.map((name) => header.indexOf(name));
  return {
    rows: lines.length,
    cell: (row, column) => lines[row]?.[places[column] ?? -1],
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

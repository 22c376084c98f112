import { Faults } from '../../core/faults';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { Column } from '../model/column';
import type { Source } from '../rows/read-table';
import { acceptedDatatypes } from './datatype';

/** An input of an inference request, its cells in one list. */
export interface RequestTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly cells: ArrayLike<unknown>;
}

/** Faults of inputs beyond the model's columns that are told: a body may hold a hundred thousand. */
const NAMED = 5;

/**
 * Rows of a request of the Open Inference Protocol: a tensor of the shape [rows] or [rows, 1] a column; one that may lack
 * values may be left out, and null in JSON is a gap.
 * @throws InvalidInputError for tensors that are no columns of the model, or not of one length
 */
export function tensorSource(tensors: readonly RequestTensor[], columns: readonly Column[]): Source {
  const faults = new Faults();
  const rows = tensors[0]?.shape[0] ?? 0;
  const byName = new Map<string, RequestTensor>();
  // If there are more than columns, one of these is no column or the same as another.
  for (const tensor of tensors.slice(0, columns.length + NAMED)) {
    const { name, datatype, shape, cells } = tensor;
    const where = `input ${name.slice(0, 40)}`;
    const column = columns.find((one) => one.name === name);
    if (!column) {
      faults.add(
        where,
        'is no column of the model, got it nevertheless',
        `send ${columns.map((one) => one.name).join(', ')}`,
      );
      continue;
    }
    const accepted = acceptedDatatypes(column);
    if (byName.has(name)) faults.add(where, 'must be given once, got it twice', 'send one');
    if (!accepted.includes(datatype)) {
      faults.add(where, `must be of ${accepted.join(', ')}, got ${datatype.slice(0, 20)}`, 'convert it');
    }
    if (shape.length > 2 || shape[0] !== rows || (shape[1] ?? 1) !== 1) {
      faults.add(
        where,
        `must be of the shape [${rows}] or [${rows}, 1] like the first, got [${shape.slice(0, 5).join(', ')}]`,
        'correct it',
      );
    } else if (cells.length !== rows) {
      faults.add(where, `must hold ${rows} values as its shape says, got ${cells.length}`, 'correct it');
    }
    byName.set(name, tensor);
  }
  if (!(Number.isInteger(rows) && rows >= 1))
    faults.add('inputs', `must hold rows, got ${rows}`, 'send a row at least');
  for (const { name, required } of columns) {
    if (required && !byName.has(name)) faults.add(`input ${name}`, 'must be there, got none', 'send it');
  }
  faults.throwIfAny('inputs');
  const cells = columns.map(({ name }) => byName.get(name)?.cells);
  return {
    rows,
    cell: (row, column) => cells[column]?.[row],
    number: (value) => (typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : Number.NaN),
  };
}

/** @throws InvalidInputError for an output that the model doesn't have */
export function requireOutputs(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InvalidInputError(
    `output ${unknown.slice(0, 40)}`,
    'is none of the model, got it nevertheless',
    `ask for ${known.join(', ')}`,
  );
}

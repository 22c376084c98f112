import { InvalidInputError } from '../../core/invalid-input-error';
import type { Column } from '../model/column';
import type { Source } from '../rows/read-table';
import { show } from '../rows/show';

/** Rows as objects of columns and values. null, or no value for a column that may lack it, is a gap. */
export function objectSource(rows: readonly unknown[], columns: readonly Column[]): Source {
  const names = columns.map(({ name }) => name);
  const known = new Set(names);
  rows.forEach((row, index) => {
    const where = `row ${index + 1}`;
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new InvalidInputError(where, `must be an object, got ${show(row)}`, 'map columns to values');
    }
    for (const name in row) {
      if (known.has(name)) continue;
      const fix = `send only ${[...names].sort().join(', ')}`;
      throw new InvalidInputError(where, `has no use for the column ${name.slice(0, 40)}`, fix);
    }
  });
  return {
    rows: rows.length,
    cell: (row, column) => {
      const name = names[column] ?? '';
      const values = rows[row] as Readonly<Record<string, unknown>>;
      return Object.hasOwn(values, name) ? values[name] : undefined;
    },
    number: (value) => (typeof value === 'number' ? value : Number.NaN),
  };
}

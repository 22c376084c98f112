import type { FileMetaData } from 'hyparquet';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { Column } from '../model/column';

/** Of decimals and the like; the longest that Arrow has are 32 bytes. */
const LONGEST_FIXED = 64;
/** Are made of text by parsers of their own, and are no cells. */
const REFUSED = new Set(['JSON', 'BSON', 'VARIANT', 'GEOMETRY', 'GEOGRAPHY']);

/**
 * Columns of a file that are of the model, and hold a cell a row: of others the reader may take more time and memory than
 * there is.
 * @throws InvalidInputError for a column that the model has no use for
 * @throws Error for one that holds no cells
 */
export function checkParquetSchema({ schema, row_groups: groups }: FileMetaData, columns: readonly Column[]): void {
  const [root, ...elements] = schema;
  const known = new Set(columns.map(({ name }) => name));
  for (const element of elements) {
    const { name, repetition_type: repetition, num_children: children = 0, type, type_length: length = 0 } = element;
    if (children > 0 || repetition === 'REPEATED') throw new Error(`lists or structures in ${name}`);
    if (!known.delete(name)) {
      const names = columns.map((column) => column.name);
      if (names.includes(name)) throw new Error(`two columns ${name}`);
      const fix = `send only ${names.sort().join(', ')}`;
      throw new InvalidInputError('schema', `has no use for the column ${name.slice(0, 40)}`, fix);
    }
    const kinds = [element.converted_type, element.logical_type?.type];
    const refused = kinds.find((kind) => kind !== undefined && REFUSED.has(kind));
    if (refused !== undefined) throw new Error(`${refused} in ${name}`);
    if (length > LONGEST_FIXED) throw new Error(`values of ${length} bytes in ${name}`);
    if (type === 'BYTE_ARRAY' && kinds.includes('DECIMAL')) throw new Error(`decimals of any length in ${name}`);
  }
  if (root?.num_children !== elements.length) throw new Error(`${root?.num_children} of ${elements.length} columns`);
  const other = groups.find(({ columns: chunks }) => chunks.length !== elements.length);
  if (other) throw new Error(`${other.columns.length} columns in a group, not ${elements.length}`);
}

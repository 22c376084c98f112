import type { FileMetaData } from 'hyparquet';
import type { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { checkDeltas, checkPrefixes, checkRuns } from './check-values';
import { PARQUET_COMPRESSORS } from './parquet-compressors';

export type ColumnMetaData = NonNullable<FileMetaData['row_groups'][number]['columns'][number]['meta_data']>;
type PageHeader = ReturnType<typeof parquetHeader>;

/** Of a number before runs. */
const LENGTH_BYTES = 4;
/** Of an index into a dictionary. */
const MOST_BITS = 32;

export interface CheckPageProps {
  /** In errors. */
  readonly name: string;
  /** Whether it says of each row if there is a value. */
  readonly isOptional: boolean;
  readonly column: Pick<ColumnMetaData, 'type' | 'codec'>;
  /** That its words may have together. */
  readonly mostBytes: number;
}

interface Encoded {
  readonly view: DataView;
  offset: number;
}

interface Values {
  readonly encoding: NonNullable<PageHeader['data_page_header']>['encoding'];
  /** How many aren't null. */
  readonly present: number;
  /** Runs of one bit with their length before them, and not of indexes. */
  readonly isFlags: boolean;
}

/**
 * What the bytes of a page say of how many values there are, beyond its header.
 * @param bytes as they lie in the file
 * @throws Error if that is more than the header says, or in an encoding that isn't read
 */
export function checkPage(header: PageHeader, bytes: Uint8Array, props: CheckPageProps): void {
  const { type: kind, uncompressed_page_size: unpacked, data_page_header: v1, data_page_header_v2: v2 } = header;
  const { isOptional, column } = props;
  const { type, codec } = column;
  if (kind === 'DATA_PAGE' && v1) {
    const page = encoded(decompressPage(bytes, unpacked, codec, PARQUET_COMPRESSORS));
    let present = v1.num_values;
    if (isOptional) {
      const end = LENGTH_BYTES + page.view.getUint32(0, true);
      page.offset = LENGTH_BYTES;
      present = checkRuns(page, 1, v1.num_values);
      page.offset = end;
    }
    const isFlags = type === 'BOOLEAN';
    const { encoding } = v1;
    // The reader goes by the width alone then: all are the first of the dictionary.
    if (!isFlags && isIndexed(encoding) && page.view.getUint8(page.offset) === 0) return;
    checkEncoded(page, { encoding, present, isFlags }, props);
  } else if (kind === 'DATA_PAGE_V2' && v2) {
    const repeated = v2.repetition_levels_byte_length;
    const defined = v2.definition_levels_byte_length;
    if (isOptional) checkRuns(encoded(bytes, repeated), 1, v2.num_values);
    const size = unpacked - repeated - defined;
    const rest = bytes.subarray(repeated + (isOptional ? defined : 0));
    const isPacked = v2.is_compressed !== false && size > 0;
    const page = encoded(isPacked ? decompressPage(rest, size, codec, PARQUET_COMPRESSORS) : rest);
    const { encoding } = v2;
    checkEncoded(page, { encoding, present: v2.num_values - v2.num_nulls, isFlags: encoding === 'RLE' }, props);
  }
}

function encoded(bytes: Uint8Array, offset = 0): Encoded {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset };
}

function isIndexed(encoding: Values['encoding']): boolean {
  return encoding === 'RLE' || encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY';
}

function checkEncoded(
  page: Encoded,
  { encoding, present, isFlags }: Values,
  { name, mostBytes }: CheckPageProps,
): void {
  if (isIndexed(encoding)) {
    const width = isFlags ? 1 : page.view.getUint8(page.offset);
    if (width > MOST_BITS) throw new Error(`indexes of ${width} bits in ${name}`);
    page.offset += isFlags ? LENGTH_BYTES : 1;
    checkRuns(page, width, present);
    return;
  }
  switch (encoding) {
    // Have the values that are read, or reading them fails.
    case 'PLAIN':
    case 'BYTE_STREAM_SPLIT':
      return;
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_LENGTH_BYTE_ARRAY':
      checkDeltas(page, present);
      return;
    case 'DELTA_BYTE_ARRAY':
      checkPrefixes(page, present, mostBytes);
      return;
    default:
      throw new Error(`values of ${name} encoded as ${encoding}`);
  }
}

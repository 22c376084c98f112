import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { InvalidInputError } from '../../core/invalid-input-error';
import type { Column } from '../model/column';
import type { Source } from '../rows/read-table';
import { bodyFault } from './body-fault';
import { checkParquetSchema } from './check-schema';
import { checkThrift } from './check-thrift';
import { objectSource } from './object-source';
import { PARQUET_COMPRESSORS } from './parquet-compressors';
import { checkParquetPages } from './parquet-pages';

/**
 * A few bytes may promise billions of rows: 12 kB that hold 1.9 million cells take 170 MB and a second, in which nobody
 * else is answered.
 */
const MOST_CELLS = 2_000_000;
/** A page may be a thousandth of what it unpacks to. */
const MOST_BYTES = 64 * 1024 * 1024;
/** At the end of a file: how long its footer is, and PAR1. */
const END_BYTES = 8;
const FIX = 'write it uncompressed, or with Snappy, gzip or Zstandard';

/**
 * The columns in any order; null is a gap. What the reader would believe is checked before: it is made for files that
 * their user trusts.
 * @param mostCells that a body is unpacked to
 * @throws InvalidInputError if it isn't Parquet, or holds more
 */
export async function parquetSource(body: Buffer, columns: readonly Column[], mostCells = MOST_CELLS): Promise<Source> {
  const file = body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer;
  let rows: unknown[];
  try {
    checkFooter(new DataView(file));
    const metadata = parquetMetadata(file, { geoparquet: false });
    // Rows are unpacked by what their groups say, and a negative group must not make up for a large one.
    const groups = metadata.row_groups.map(({ num_rows }) => Math.abs(Number(num_rows)));
    const promised = groups.reduce((sum, one) => sum + one, 0);
    if (promised !== Number(metadata.num_rows)) {
      throw new Error(`${metadata.num_rows} rows in groups of ${promised}`);
    }
    // The schema has its root as well. Rows without columns take memory, too.
    const width = Math.max(1, metadata.schema.length - 1);
    if (promised * width > mostCells) {
      throw bodyFault(
        `must hold at most ${mostCells} cells, got ${promised} rows of ${width}`,
        'send fewer rows at a time',
      );
    }
    checkParquetSchema(metadata, columns);
    checkParquetPages(file, metadata, Math.max(MOST_BYTES, 2 * body.byteLength));
    rows = await parquetReadObjects({ file, metadata, compressors: PARQUET_COMPRESSORS });
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw bodyFault(`must be Parquet, got ${(error as Error).message.slice(0, 120)}`, FIX, error);
  }
  if (rows.length === 0) throw bodyFault('must hold rows, got none', 'send a row at least');
  const source = objectSource(rows, columns);
  return { ...source, number: (value) => (typeof value === 'bigint' ? Number(value) : source.number(value)) };
}

/** The reader says what is wrong with a file that has none. */
function checkFooter(file: DataView): void {
  const end = file.byteLength - END_BYTES;
  if (end < 0) return;
  const size = file.getUint32(end, true);
  if (size <= end) checkThrift(new DataView(file.buffer, end - size, size), 0);
}

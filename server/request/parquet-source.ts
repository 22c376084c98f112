import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { Column } from '../model/column';
import type { Source } from '../rows/read-table';
import { bodyFault } from './body-fault';
import { objectSource } from './object-source';

/** Cells that a body is unpacked to at most: a few bytes may promise billions of rows. */
const MOST_CELLS = 20_000_000;
const FIX = 'write it uncompressed or with Snappy';

/** The columns in any order; null is a gap. @throws InvalidInputError if it isn't Parquet */
export async function parquetSource(body: Buffer, columns: readonly Column[]): Promise<Source> {
  const file = body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) as ArrayBuffer;
  let rows: unknown[];
  try {
    const metadata = parquetMetadata(file);
    // Rows are unpacked by what their groups say, and a negative group must not make up for a large one.
    const groups = metadata.row_groups.map(({ num_rows }) => Math.abs(Number(num_rows)));
    const promised = groups.reduce((sum, one) => sum + one, 0);
    if (promised !== Number(metadata.num_rows)) {
      throw new Error(`${metadata.num_rows} rows in groups of ${promised}`);
    }
    if (promised * metadata.schema.length > MOST_CELLS) {
      throw new Error(`${promised} rows of ${metadata.schema.length} columns`);
    }
    rows = await parquetReadObjects({ file, metadata });
  } catch (error) {
    throw bodyFault(`must be Parquet, got ${(error as Error).message.slice(0, 120)}`, FIX, error);
  }
  if (rows.length === 0) throw bodyFault('must hold rows, got none', 'send a row at least');
  const source = objectSource(rows, columns);
  return { ...source, number: (value) => (typeof value === 'bigint' ? Number(value) : source.number(value)) };
}

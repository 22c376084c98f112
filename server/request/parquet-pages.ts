import type { FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { bodyFault } from './body-fault';

/**
 * Reads the header of every page before any is unpacked: room is made for as many values and bytes as a header says,
 * and one of 20 bytes may say billions.
 * @param mostBytes of all pages together, unpacked
 * @throws InvalidInputError if there are more
 * @throws Error for pages that can't be of their file
 */
export function checkParquetPages(file: ArrayBuffer, { row_groups: groups }: FileMetaData, mostBytes: number): void {
  let bytes = 0;
  for (const { num_rows: rows, columns } of groups) {
    for (const { meta_data: column } of columns) {
      if (!column) throw new Error('a column without metadata');
      const dictionary = Number(column.dictionary_page_offset ?? 0);
      // 0 stands for none as well.
      const start = dictionary === 0 ? Number(column.data_page_offset) : dictionary;
      const size = Number(column.total_compressed_size);
      if (!(start >= 0 && size >= 0 && start + size <= file.byteLength)) {
        throw new Error(`${column.path_in_schema.join('.')} at bytes ${start} to ${start + size}`);
      }
      bytes += columnBytes(new DataView(file, start, size), Number(rows), column.path_in_schema.join('.'));
      if (bytes > mostBytes) {
        throw bodyFault(`must unpack to at most ${mostBytes} bytes, got more`, 'send fewer rows at a time');
      }
    }
  }
}

/** Of all its pages. The reader stops a byte before the end, and so does this. */
function columnBytes(view: DataView, rows: number, name: string): number {
  const reader = { view, offset: 0 };
  let bytes = 0;
  let values = 0;
  while (reader.offset < view.byteLength - 1) {
    const { compressed_page_size: size, uncompressed_page_size: unpacked, ...page } = parquetHeader(reader);
    const v2 = page.data_page_header_v2;
    const inPage = page.data_page_header?.num_values ?? v2?.num_values ?? 0;
    const inDictionary = page.dictionary_page_header?.num_values ?? 0;
    values += inPage;
    const counts = [size, unpacked, inPage, inDictionary, v2?.num_nulls ?? 0, v2?.num_rows ?? 0];
    if (counts.some((count) => !(count >= 0)) || reader.offset + size > view.byteLength) {
      throw new Error(`a page of ${name} with ${size} bytes`);
    }
    // A column that isn't nested has a value a row, and no more in its dictionary.
    if (values > rows || inDictionary > rows || (v2?.num_nulls ?? 0) > inPage) {
      throw new Error(`${Math.max(values, inDictionary)} values of ${name} in ${rows} rows`);
    }
    bytes += unpacked;
    reader.offset += size;
  }
  return bytes;
}

import type { FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { bodyFault } from './body-fault';
import { type ColumnMetaData, checkPage } from './check-page';
import { checkThrift } from './check-thrift';

type SchemaElement = FileMetaData['schema'][number];

/**
 * Reads the header of every page and the lengths within before anything is made of them: room is made for as many values
 * and bytes as they say, and one of 20 bytes may say billions.
 * @param mostBytes of all pages together, unpacked
 * @throws InvalidInputError if there are more
 * @throws Error for pages that can't be of their file
 */
export function checkParquetPages(file: ArrayBuffer, { row_groups: groups, schema }: FileMetaData, mostBytes: number) {
  const elements = new Map(schema.slice(1).map((element) => [element.name, element]));
  let unpacked = 0;
  let packed = 0;
  for (const { num_rows: rows, columns } of groups) {
    for (const { meta_data: column } of columns) {
      if (!column) throw new Error('a column without metadata');
      const name = column.path_in_schema.join('.');
      const element = elements.get(name);
      if (!element || element.type !== column.type) throw new Error(`a column ${name} that its schema lacks`);
      const dictionary = Number(column.dictionary_page_offset ?? 0);
      // 0 stands for none as well.
      const start = dictionary === 0 ? Number(column.data_page_offset) : dictionary;
      const size = Number(column.total_compressed_size);
      if (!(start >= 0 && size >= 0 && start + size <= file.byteLength)) {
        throw new Error(`${name} at bytes ${start} to ${start + size}`);
      }
      packed += size;
      if (packed > file.byteLength) throw new Error('columns of more bytes than the file');
      const view = new DataView(file, start, size);
      unpacked = checkColumn({ view, rows: Number(rows), name, element, column, unpacked, mostBytes });
    }
  }
}

interface Chunk {
  readonly view: DataView;
  readonly rows: number;
  readonly name: string;
  readonly element: SchemaElement;
  readonly column: ColumnMetaData;
  /** Bytes of the columns before it. */
  readonly unpacked: number;
  readonly mostBytes: number;
}

/** All its pages. The reader stops a byte before the end, and so does this. @returns bytes with those before it */
function checkColumn(chunk: Chunk): number {
  const { view, rows, name, mostBytes } = chunk;
  const reader = { view, offset: 0 };
  let bytes = chunk.unpacked;
  let values = 0;
  while (reader.offset < view.byteLength - 1) {
    checkThrift(view, reader.offset);
    const page = parquetHeader(reader);
    const { compressed_page_size: size, uncompressed_page_size: unpacked } = page;
    const v2 = page.type === 'DATA_PAGE_V2' ? page.data_page_header_v2 : undefined;
    const inPage = v2?.num_values ?? (page.type === 'DATA_PAGE' ? page.data_page_header?.num_values : 0) ?? 0;
    const inDictionary = (page.type === 'DICTIONARY_PAGE' ? page.dictionary_page_header?.num_values : 0) ?? 0;
    const levels = [v2?.repetition_levels_byte_length ?? 0, v2?.definition_levels_byte_length ?? 0] as const;
    values += inPage;
    const counts = [size, unpacked, inPage, inDictionary, v2?.num_nulls ?? 0, v2?.num_rows ?? 0, ...levels];
    if (counts.some((count) => !(count >= 0)) || reader.offset + size > view.byteLength) {
      throw new Error(`a page of ${name} with ${size} bytes`);
    }
    if (levels[0] + levels[1] > Math.min(size, unpacked))
      throw new Error(`a page of ${name} with less than its levels`);
    // A column that isn't nested has a value a row, and no more in its dictionary.
    if (values > rows || inDictionary > rows || (v2?.num_nulls ?? 0) > inPage) {
      throw new Error(`${Math.max(values, inDictionary)} values of ${name} in ${rows} rows`);
    }
    bytes += unpacked;
    if (bytes > mostBytes) {
      throw bodyFault(`must unpack to at most ${mostBytes} bytes, got more`, 'send fewer rows at a time');
    }
    const { element, column } = chunk;
    const packed = new Uint8Array(view.buffer, view.byteOffset + reader.offset, size);
    checkPage(page, packed, { name, isOptional: element.repetition_type !== 'REQUIRED', column, mostBytes });
    reader.offset += size;
  }
  return bytes;
}

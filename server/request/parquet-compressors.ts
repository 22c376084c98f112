import zlib, { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';

/** Node has it from 22.15 on, as the image does. */
type Unpack = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;
const { zstdDecompressSync } = zlib as unknown as { readonly zstdDecompressSync?: Unpack };

/** What unpacks the pages of a file besides Snappy. None makes more bytes than the page's header says. */
export const PARQUET_COMPRESSORS: Compressors = {
  GZIP: unpackedBy(gunzipSync),
  BROTLI: unpackedBy(brotliDecompressSync),
  ...(zstdDecompressSync && { ZSTD: unpackedBy(zstdDecompressSync) }),
};

function unpackedBy(unpack: Unpack): (bytes: Uint8Array, size: number) => Uint8Array {
  return (bytes, size) => unpack(bytes, { maxOutputLength: Math.max(1, size) });
}

/** S3 as jobs and endpoints use it. URIs are `s3://bucket/key`. */
export interface ObjectStorage {
  /** Keys (not URIs) of all objects whose key begins with that of `uri`, in order. */
  list(uri: string): Promise<readonly StoredObject[]>;
  read(uri: string): Promise<Buffer>;
  write(uri: string, body: Buffer | string, contentType?: string): Promise<void>;
  /**
   * Copies every object below the prefix into the folder, keeping the path after the prefix; an object with exactly
   * that key keeps its last path part.
   * @returns the number of objects
   */
  download(uri: string, directory: string): Promise<number>;
  /** Copies every file below the folder to keys below the prefix. Symbolic links are not followed. @returns the number of files */
  upload(directory: string, uri: string): Promise<number>;
}

export interface StoredObject {
  readonly uri: string;
  readonly size: number;
  /** The object's ETag, without quotes. */
  readonly etag: string;
}

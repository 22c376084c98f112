import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What stands for a container image on a machine without a container engine: the build context, unpacked, and a
 * virtual environment made from the lock file that the Dockerfile installs; or for Node this machine's Node and packages.
 */
export interface Image {
  /** As in the last part of its URI, after the colon. */
  readonly tag: string;
  /** Folder that the image would have at `/opt/program`. */
  readonly program: string;
  /** Python of the virtual environment, or Node. */
  readonly interpreter: string;
  /** What `ENV` of the Dockerfile sets, with `/opt/program` rewritten to `program`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Finds the image that a URI names. Written by the local image builder, read by everything that starts containers. */
export class ImageStore {
  constructor(private readonly directory: string) {}

  /** @returns undefined if no image of that tag was built here */
  find(uri: string): Image | undefined {
    const tag = uri.slice(uri.lastIndexOf(':') + 1);
    try {
      return JSON.parse(readFileSync(join(this.directory, `${tag}.json`), 'utf8')) as Image;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

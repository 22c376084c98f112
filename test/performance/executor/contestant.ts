import type { Work } from './work';

export interface RunFolders {
  /** Takes the file of each step. */
  readonly outputs: string;
  /** For what the contestant itself writes. */
  readonly home: string;
}

/** A program that runs pipelines. */
export interface Contestant {
  /** Of --only. */
  readonly id: string;
  readonly title: string;
  /** Of its packages; empty for what isn't installed. */
  readonly versions: string;
  /** Runs one pipeline. @returns the seconds from its start to its end @throws Error if it fails */
  run(work: Work, folders: RunFolders): Promise<number>;
}

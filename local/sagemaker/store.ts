import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Records of one kind, a JSON file each. A write replaces the file in one step, so that a process that is killed
 * leaves the old record or the new one, never half of either.
 */
export class Collection<T extends object> {
  constructor(private readonly directory: string) {}

  get(name: string): T | undefined {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  has(name: string): boolean {
    return statSync(this.file(name), { throwIfNoEntry: false }) !== undefined;
  }

  put(name: string, record: T): void {
    const file = this.file(name);
    const draft = `${file}.${process.pid}.draft`;
    inFolder(file, () => writeFileSync(draft, JSON.stringify(record, null, 1)));
    renameSync(draft, file);
  }

  delete(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  /** All records, by name. */
  list(): T[] {
    return this.names()
      .map((name) => this.get(name))
      .filter((record): record is Awaited<T> & T => record !== undefined);
  }

  /**
   * Moves records that can't be read, as a full disk or a power cut leaves them, out of the way.
   * @returns the files that hold them now
   */
  setAsideUnreadable(): string[] {
    return this.names().flatMap((name) => {
      try {
        this.get(name);
        return [];
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        const aside = `${this.file(name)}.unreadable`;
        renameSync(this.file(name), aside);
        return [aside];
      }
    });
  }

  names(): string[] {
    try {
      return readdirSync(this.directory)
        .filter((file) => file.endsWith('.json'))
        .map((file) => decodeURIComponent(file.slice(0, -'.json'.length)))
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  private file(name: string): string {
    return join(this.directory, `${encodeURIComponent(name)}.json`);
  }
}

/**
 * Entries that are only ever added to, a file a name with a line for each. A process that is killed leaves whole lines;
 * a full disk or a power cut perhaps a part of one, which is passed over.
 */
export class Journal<T extends object> {
  constructor(private readonly directory: string) {}

  append(name: string, entries: readonly T[]): void {
    if (entries.length === 0) return;
    const file = this.file(name);
    // Each begins a line, also behind a part of one.
    const lines = entries.map((entry) => `\n${JSON.stringify(entry)}`).join('');
    inFolder(file, () => appendFileSync(file, lines));
  }

  /** All entries, oldest first. */
  read(name: string): T[] {
    try {
      return readFileSync(this.file(name), 'utf8')
        .split('\n')
        .flatMap(parsed<T>);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  delete(name: string): void {
    rmSync(this.file(name), { force: true });
  }

  private file(name: string): string {
    return join(this.directory, `${encodeURIComponent(name)}.jsonl`);
  }
}

function parsed<T>(line: string): T[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as T];
  } catch {
    return [];
  }
}

/** Makes the folder of a file if it turns out that there is none. */
function inFolder(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(file), { recursive: true });
    write();
  }
}

/** The state of our SageMaker on disk: a folder a kind of record. Dates are kept as ISO strings. */
export class Store {
  constructor(readonly root: string) {}

  collection<T extends object>(kind: string): Collection<T> {
    return new Collection<T>(join(this.root, kind));
  }

  journal<T extends object>(kind: string): Journal<T> {
    return new Journal<T>(join(this.root, kind));
  }
}

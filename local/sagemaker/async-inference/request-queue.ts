import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueuedRequest } from './queued-request';

/**
 * Requests of one endpoint, in the order of their coming. Each is a file from before it is accepted until it is
 * answered, so that a program that is killed at any moment loses none; one that was being answered then is answered
 * again by the next program.
 */
export class RequestQueue {
  private readonly files = new Map<string, string>();
  private waiting: QueuedRequest[] = [];
  private sequence = 0;

  /** @param log hears of files that don't hold a request */
  constructor(
    private readonly directory: string,
    log: (message: string) => void,
  ) {
    for (const name of names(directory)) {
      const file = join(directory, name);
      // What is added in the very millisecond of an earlier program's last one comes behind it, too.
      const [, sequence] = /^\d+-(\d+)-/.exec(name) ?? [];
      if (sequence !== undefined) this.sequence = Number(sequence) + 1;
      const request = read(file);
      if (request) this.keep(file, request);
      else {
        renameSync(file, `${file}.unreadable`);
        log(`${file}: holds no request, kept as ${name}.unreadable`);
      }
    }
  }

  /** Requests that wait or are being answered. */
  get size(): number {
    return this.files.size;
  }

  /** Requests that wait, the oldest first. */
  get pending(): readonly QueuedRequest[] {
    return this.waiting;
  }

  /** @throws if it can't be written; nothing is accepted then */
  add(request: QueuedRequest): void {
    mkdirSync(this.directory, { recursive: true });
    // A time has 13 digits until the year 2286.
    const order = `${Date.now()}-${String(this.sequence++).padStart(6, '0')}`;
    const file = join(this.directory, `${order}-${request.id}.json`);
    writeFileSync(`${file}.draft`, JSON.stringify(request));
    renameSync(`${file}.draft`, file);
    this.keep(file, request);
  }

  /** The oldest one that waits; it stays on disk until it is removed. */
  take(): QueuedRequest | undefined {
    return this.waiting.shift();
  }

  /** Takes all that wait and are found wanting. */
  takeWhere(condition: (request: QueuedRequest) => boolean): QueuedRequest[] {
    const taken = this.waiting.filter(condition);
    if (taken.length > 0) this.waiting = this.waiting.filter((request) => !taken.includes(request));
    return taken;
  }

  /** Puts a request that was taken back to where it stood. */
  giveBack(request: QueuedRequest): void {
    if (this.files.has(request.id)) this.waiting.unshift(request);
  }

  remove({ id }: QueuedRequest): void {
    const file = this.files.get(id);
    if (file === undefined) return;
    rmSync(file, { force: true });
    this.files.delete(id);
  }

  /** Forgets all requests, as with their endpoint. */
  clear(): void {
    this.waiting = [];
    this.files.clear();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private keep(file: string, request: QueuedRequest): void {
    this.files.set(request.id, file);
    this.waiting.push(request);
  }
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** @returns undefined if the file doesn't hold a request */
function read(file: string): QueuedRequest | undefined {
  try {
    const request = JSON.parse(readFileSync(file, 'utf8')) as Partial<QueuedRequest> | null;
    return typeof request?.id === 'string' && typeof request.inputLocation === 'string'
      ? (request as QueuedRequest)
      : undefined;
  } catch {
    return undefined;
  }
}

import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Json } from '../../../core/json';
import { Container } from '../../container/container';
import type { Store } from '../store';
import { JobError } from './job-error';

const OPT_ML = '/opt/ml';

/** What a job has on disk: `opt/ml`, its log, and archives on their way to S3. */
export class JobDirectory {
  private constructor(readonly root: string) {}

  static of(store: Pick<Store, 'root'>, jobName: string): JobDirectory {
    return new JobDirectory(join(store.root, 'jobs', jobName));
  }

  /** Standard output and error of the job's container. A tuning job has none: its training jobs have one each. */
  get log(): string {
    return Container.log(this.root);
  }

  /** Archives that are to be uploaded. */
  get artifacts(): string {
    return join(this.root, 'artifacts');
  }

  /** Input channels of a tuning job, which all of its training jobs read. */
  get sharedInput(): string {
    return join(this.root, 'input');
  }

  /**
   * Where a path of the container lies.
   * @param local begins `/opt/ml/`
   * @throws JobError if it leads out of `/opt/ml`
   */
  at(local: string): string {
    const path = posix.normalize(local);
    if (path !== OPT_ML && !path.startsWith(`${OPT_ML}/`))
      throw new JobError('ClientError', `a local path must begin ${OPT_ML}/, got ${local}`);
    return join(Container.optMl(this.root), path.slice(OPT_ML.length));
  }

  /** Makes a folder of the container and those above it. */
  make(local: string): string {
    const directory = this.at(local);
    mkdirSync(directory, { recursive: true });
    return directory;
  }

  writeJson(local: string, value: Json): void {
    this.make(posix.dirname(local));
    writeFileSync(this.at(local), JSON.stringify(value));
  }

  /** Frees the disk once the job's outputs are in S3: what stays is the log and the configuration. */
  async discardData(): Promise<void> {
    await Promise.all([
      keepOnly(this.root, ['opt', 'output.log']),
      keepOnly(this.at(OPT_ML), ['config', 'input']),
      keepOnly(this.at(`${OPT_ML}/input`), ['config']),
    ]);
  }
}

async function keepOnly(directory: string, names: readonly string[]): Promise<void> {
  if (!existsSync(directory)) return;
  const others = readdirSync(directory).filter((name) => !names.includes(name));
  await Promise.all(
    others
      .map((name) => join(directory, name))
      .filter((path) => !removedAsEmpty(path))
      .map((path) => rm(path, { recursive: true, force: true })),
  );
}

/** At once, where what may hold gigabytes takes its time beside other jobs. @returns whether it is gone */
function removedAsEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

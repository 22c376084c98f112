import type { Exit } from '../../container/container';
import type { JobDirectory } from './job-directory';
import { JobError } from './job-error';
import { readTail } from './read-text';

const REASON_CHARACTERS = 1024;

/**
 * What to tell about a container that didn't end with 0.
 * @param said what the container itself left as the reason
 */
export async function exitFailure(
  exit: Exit,
  directory: JobDirectory,
  said: string | undefined,
  members: Readonly<Record<string, string>> = {},
): Promise<JobError> {
  const how = exit.signal ? `signal: ${exit.signal}` : `exit code: ${exit.code}`;
  const reason =
    said?.slice(0, REASON_CHARACTERS) ??
    (await readTail(directory.log, REASON_CHARACTERS)) ??
    'the container said nothing';
  return new JobError('AlgorithmError', `${reason}, ${how}`, members);
}

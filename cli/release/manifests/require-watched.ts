import { isDeepStrictEqual } from 'node:util';
import { watchMinutes } from '../../../config/kubernetes/next-step';
import type { ModelReleases } from '../../../config/kubernetes/release';
import { InvalidInputError } from '../../../core/invalid-input-error';
import type { OpenRelease } from '../open-release';
import { manifestHistory } from './manifest-history';

const MINUTE = 60_000;

/**
 * Whether a candidate was watched for as long as the policy says since its last step was written. When it was, the evidence
 * says: a clone of the repository knows no times, and a commit's can be chosen.
 * @throws InvalidInputError if the time isn't over, or nobody knows when it began
 */
export async function requireWatched(opened: OpenRelease): Promise<void> {
  const { chosen, ports } = opened;
  const { environmentName, environment, model, spec } = chosen;
  const current = environment.kubernetes?.releases[model] ?? {};
  const minutes = watchMinutes(current, spec);
  if (minutes === 0) return;
  const where = `${model} in ${environmentName}`;
  const step = current.candidate?.step ?? 0;
  const fix = '--early takes the next one all the same, with a --reason';
  const began = await writtenAt(current, opened);
  if (began === undefined) {
    throw new InvalidInputError(
      where,
      `step ${step} is watched for ${minutes} minutes, got no record of when it was taken`,
      `wait for so long; ${fix}`,
    );
  }
  const over = Date.parse(began) + minutes * MINUTE;
  const left = over - ports.now().getTime();
  if (left <= 0) return;
  throw new InvalidInputError(
    where,
    `step ${step} is watched for ${minutes} minutes from ${began} on, got the next one ${describeMinutes(left)} early`,
    `come back at ${new Date(over).toISOString()}; --back takes it back at once, and ${fix}`,
  );
}

/** When the file was made to say what it says. @returns undefined if somebody changed it by hand */
async function writtenAt(current: ModelReleases, { evidence }: OpenRelease): Promise<string | undefined> {
  for await (const { record, fault } of manifestHistory(evidence)) {
    // Newer ones are of changes that were broken off before the file was written.
    if (record && fault === null && isDeepStrictEqual(record.after, JSON.parse(JSON.stringify(current))))
      return record.decidedAt;
  }
  return undefined;
}

function describeMinutes(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / MINUTE);
  return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
}

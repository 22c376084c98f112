import { wholeSeconds } from '../../../core/release/decision';
import { type ManifestRecord, manifestKey } from '../../../core/release/manifest-record';
import { describePackage } from '../../../core/release/record-of';
import { seal } from '../../../core/release/seal';
import type { OpenRelease } from '../open-release';
import type { ReleaseFileChange } from './write-release-file';

export interface ManifestDecision extends Pick<ManifestRecord, 'change' | 'by' | 'reason'> {
  /** Of the version that is released. @default - none: a step, or the way back */
  readonly arn?: string;
}

/**
 * Seals what shall change in the file of releases, before it does: a file that says more than the evidence would be worse
 * than evidence of a change that somebody broke off.
 * @returns the record's place in the evidence bucket
 */
export async function keepEvidence(
  { change, by, reason, arn }: ManifestDecision,
  { file, before, releases }: Pick<ReleaseFileChange, 'file' | 'before' | 'releases'>,
  { ports, chosen: { environmentName, model } }: OpenRelease,
): Promise<string> {
  const found = arn === undefined ? undefined : await ports.packages.describe(arn);
  const release = releases.candidate ?? releases.stable;
  const record: ManifestRecord = {
    schema: 1,
    environment: environmentName,
    model,
    change,
    version: release?.version ?? null,
    modelPackage: found ? describePackage(found) : null,
    file,
    // Fields that are undefined are not in the file, and would not be in the record that is read back.
    before: JSON.parse(JSON.stringify(before)) as ManifestRecord['before'],
    after: JSON.parse(JSON.stringify(releases)) as ManifestRecord['after'],
    by,
    reason,
    decidedAt: wholeSeconds(ports.now()),
  };
  const key = manifestKey(record);
  await ports.evidence.keepManifest(key, seal(record));
  return key;
}

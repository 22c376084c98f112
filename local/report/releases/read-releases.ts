import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { type EvidenceRecord, releasePrefix, SealedRecord } from '../../../core/release/evidence';
import { isIntact } from '../../../core/release/seal';
import { readDeployments } from '../../loop/deployments';
import type { Target } from '../../loop/target';
import { readRehearsals } from '../../rehearsal/rehearsal';
import type { StateDirectory } from '../../state-directory';
import { joinReleases, type ReleasesView } from './release-view';

/** Releases on the page. */
const MOST = 20;
const RECORD = /\d{8}T\d{6}Z-\d+\.json$/;

/** Everything that is known of the model's latest releases. */
export async function readReleases(target: Target, state: StateDirectory): Promise<ReleasesView> {
  const { guards } = target.props.spec.rollout;
  const [records, history] = await Promise.all([readRecords(target), readDeployments(target)]);
  return {
    speed: history?.speed ?? 1,
    errorRatePercent: guards.errorRatePercent,
    p99LatencyMs: guards.p99LatencyMs,
    releases: joinReleases(records, history, readRehearsals(state.rehearsals)),
  };
}

async function readRecords(target: Target): Promise<EvidenceRecord[]> {
  const { environment, model } = target.props;
  const Bucket = await target.bucket('EvidenceBucketName');
  const keys: string[] = [];
  const pages = paginateListObjectsV2(
    { client: target.clients.s3 },
    { Bucket, Prefix: `${releasePrefix(environment, model)}/` },
  );
  for await (const { Contents = [] } of pages) {
    keys.push(...Contents.flatMap(({ Key = '' }) => (RECORD.test(Key) ? [Key] : [])));
  }
  const newest = keys.sort().slice(-MOST);
  const records = await Promise.all(
    newest.map(async (Key) => {
      const { Body } = await target.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
      const parsed = SealedRecord.safeParse(JSON.parse((await Body?.transformToString()) ?? 'null'));
      // What can't be trusted is for `mlops release history` to say.
      return parsed.success && isIntact(parsed.data) ? [parsed.data] : [];
    }),
  );
  return records.flat();
}

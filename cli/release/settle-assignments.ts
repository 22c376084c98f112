import { assignmentToken, recordAssignment } from '../../core/release/assign-variant';
import { parseObject } from '../../core/release/aws/release-records';
import type { ReleasePorts } from '../../core/release/ports';
import { isIntact } from '../../core/release/seal';
import { SealedVariantRecord, variantPrefix } from '../../core/release/variant-record';
import { listKeys } from './list-keys';
import type { OpenRelease } from './open-release';

/**
 * Records how assignments of a variant ended that nobody waited for, and puts the parameter back where the stack went back,
 * so that no later deployment tries again.
 * @returns what became of them, for people to read
 */
export async function settleAssignments(
  variant: string,
  parameter: ReleasePorts['parameter'],
  { evidence, ports }: OpenRelease,
): Promise<readonly string[]> {
  const { api, bucket, environment, model } = evidence;
  const keys = await listKeys(api, bucket, variantPrefix(environment, model, variant));
  const open = keys
    .filter((key) => key.endsWith('-started.json'))
    .filter((key) => !OUTCOMES.some((outcome) => keys.includes(key.replace(/started\.json$/, `${outcome}.json`))));
  const news: string[] = [];
  for (const key of open) {
    const object = await api.s3.getObject({ Bucket: bucket, Key: key });
    const text = (await object.Body?.transformToString()) ?? '';
    const started = parseObject(SealedVariantRecord, text, `s3://${bucket}/${key}`);
    // What somebody changed says nothing of what was decided.
    if (!isIntact(started)) continue;
    const operation = await ports.stack.operation(assignmentToken(variant, started.decidedAt));
    if (!operation || operation.status.endsWith('_IN_PROGRESS')) continue;
    const serves = operation.status === 'UPDATE_COMPLETE';
    const reason = operation.failure ?? 'no reason given';
    const failure = serves ? null : `the stack is ${operation.status}: ${reason}`;
    if (!serves && (await parameter.read()) === started.modelPackage) await parameter.write(started.previous);
    const outcome = serves ? 'serves' : 'rolled-back';
    await recordAssignment({ ...started, parameter }, started, { outcome, failure }, ports);
    news.push(`${variant}, decided ${started.decidedAt}: ${failure ?? 'serves'}; recorded now`);
  }
  return news;
}

const OUTCOMES = ['serves', 'rolled-back'];

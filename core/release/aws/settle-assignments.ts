import { assignmentToken, recordAssignment } from '../assign-variant';
import type { ReleasePorts } from '../ports';
import { isIntact } from '../seal';
import { SealedVariantRecord, variantPrefix, variantsPrefix } from '../variant-record';
import type { S3Api, S3ListApi, SsmApi } from './api';
import { listKeys } from './list-keys';
import { parseObject } from './release-records';
import { errorMessage } from './service-errors';
import { variantParameter } from './variant-parameter';

export interface SettleAssignmentsProps {
  readonly api: { readonly s3: Pick<S3Api, 'getObject'> & S3ListApi; readonly ssm: SsmApi };
  /** Where evidence is. */
  readonly bucket: string;
  readonly ports: ReleasePorts;
  /** @default - all variants of the model */
  readonly variant?: string;
}

/**
 * Records how assignments of variants ended that nobody waited for, and puts the parameter back where the stack went back,
 * so that no later deployment tries again. Each step may be repeated, and be done by several at a time.
 * @returns what became of them, for people to read
 */
export async function settleAssignments(props: SettleAssignmentsProps): Promise<readonly string[]> {
  const { api, bucket, ports, variant } = props;
  const { environment, model } = ports;
  const prefix =
    variant === undefined ? variantsPrefix(environment, model) : variantPrefix(environment, model, variant);
  const keys = await listKeys(api, bucket, prefix);
  const open = keys
    .filter((key) => key.endsWith('-started.json'))
    .filter((key) => !OUTCOMES.some((outcome) => keys.includes(key.replace(/started\.json$/, `${outcome}.json`))));
  const news: string[] = [];
  for (const key of open) {
    const started = await read(props, key).catch((error: unknown) => errorMessage(error));
    if (typeof started === 'string') news.push(`${key}: can't be settled, got ${started}`);
    // What somebody changed says nothing of what was decided.
    else if (isIntact(started)) news.push(...(await settleOne(props, started)));
  }
  return news;
}

const OUTCOMES = ['serves', 'rolled-back'];

async function read({ api, bucket }: SettleAssignmentsProps, key: string): Promise<SealedVariantRecord> {
  const object = await api.s3.getObject({ Bucket: bucket, Key: key });
  return parseObject(SealedVariantRecord, (await object.Body?.transformToString()) ?? '', `s3://${bucket}/${key}`);
}

async function settleOne(
  { api, ports }: SettleAssignmentsProps,
  started: SealedVariantRecord,
): Promise<readonly string[]> {
  const { variant, decidedAt, modelPackage, previous } = started;
  const operation = await ports.stack.operation(assignmentToken(variant, decidedAt));
  if (!operation || operation.status.endsWith('_IN_PROGRESS')) return [];
  const serves = operation.status === 'UPDATE_COMPLETE';
  const reason = operation.failure ?? 'no reason given';
  const failure = serves ? null : `the stack is ${operation.status}: ${reason}`;
  const parameter = variantParameter(api.ssm, ports, variant);
  if (!serves && (await parameter.read()) === modelPackage) await parameter.write(previous);
  const outcome = serves ? 'serves' : 'rolled-back';
  await recordAssignment({ ...started, parameter }, started, { outcome, failure }, ports);
  return [`${variant}, decided ${decidedAt}: ${failure ?? 'serves'}; recorded now`];
}

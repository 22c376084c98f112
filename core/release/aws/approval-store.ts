import { type ApprovalRecord, approvalKey, isChain, SealedApproval } from '../approval/approval-record';
import type { ApprovalStore } from '../ports';
import { seal } from '../seal';
import type { S3Api } from './api';
import { parseObject, putIf } from './release-records';
import { unlessMissing } from './service-errors';

/** Whoever is slower by this many records has met something that isn't a race. */
const ATTEMPTS = 10;

/** Approvals in the evidence bucket: each record is written once, and kept under lock. */
export function approvalStore(s3: S3Api, bucket: string, environment: string, model: string): ApprovalStore {
  const keyOf = (version: number, number: number) => approvalKey(environment, model, version, number);

  async function list(version: number): Promise<SealedApproval[]> {
    const records: SealedApproval[] = [];
    for (;;) {
      const Key = keyOf(version, records.length + 1);
      const object = await unlessMissing(s3.getObject({ Bucket: bucket, Key }));
      if (!object) break;
      const text = (await object.Body?.transformToString()) ?? '';
      records.push(parseObject(SealedApproval, text, `s3://${bucket}/${Key}`));
    }
    if (isChain(records)) return records;
    throw new Error(
      `s3://${bucket}/${keyOf(version, 1)}: the approvals of version ${version} must be as they were sealed, got others; find out who wrote them, and register the version anew`,
    );
  }

  return {
    list,
    add: async (record) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const before = await list(record.version);
        if (before.some((each) => isSame(each, record))) return;
        const sealed = seal({ ...record, previous: before.at(-1)?.sha256 ?? null });
        const Key = keyOf(record.version, before.length + 1);
        if (await putIf(s3, { Bucket: bucket, Key, Body: JSON.stringify(sealed, null, 1), IfNoneMatch: '*' })) return;
      }
      throw new Error(`${keyOf(record.version, 1)}: others write without end, got no turn; try again`);
    },
  };
}

function isSame(a: ApprovalRecord, b: Omit<ApprovalRecord, 'previous'>): boolean {
  return a.decidedAt === b.decidedAt && a.verdict === b.verdict && a.person === b.person;
}

import { JobError } from '../job-error';

export interface PayloadProps {
  readonly strategy: 'SingleRecord' | 'MultiRecord';
  /** Infinity for any size. */
  readonly maxPayloadBytes: number;
}

/** What is sent to the model server at a time. */
export interface Payload {
  readonly body: Buffer;
  /** How many records are in it; the payloads of an object have them in order. */
  readonly records: number;
}

/**
 * Puts records together to payloads: each as full as it goes, or one record each.
 * @param name of the object that they are of, for messages
 * @throws JobError if a record is larger than a payload may be
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform.html
 */
export function payloadsOf(
  records: readonly Buffer[],
  name: string,
  { strategy, maxPayloadBytes }: PayloadProps,
): Payload[] {
  const groups: Buffer[][] = [];
  let size = 0;
  for (const record of records) {
    if (record.length > maxPayloadBytes)
      throw new JobError(
        'ClientError',
        `${name}: a record has ${record.length} bytes, a payload at most ${maxPayloadBytes}; raise MaxPayloadInMB`,
      );
    const current = groups.at(-1);
    if (strategy === 'MultiRecord' && current && size + record.length <= maxPayloadBytes) {
      current.push(record);
      size += record.length;
    } else {
      groups.push([record]);
      size = record.length;
    }
  }
  return groups.map((group) => ({ body: Buffer.concat(group), records: group.length }));
}

/** Puts the answers for one object together. */
export function assemble(answers: readonly Buffer[], assembleWith: 'None' | 'Line'): Buffer {
  if (assembleWith === 'None') return Buffer.concat(answers);
  return Buffer.concat(answers.flatMap((answer) => (answer.at(-1) === 0x0a ? [answer] : [answer, Buffer.from('\n')])));
}

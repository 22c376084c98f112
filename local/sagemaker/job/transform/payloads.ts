import { JobError } from '../job-error';

export interface SplitProps {
  readonly splitType: 'None' | 'Line';
  readonly strategy: 'SingleRecord' | 'MultiRecord';
  /** Infinity for any size. */
  readonly maxPayloadBytes: number;
}

/**
 * Cuts one input object into what is sent to the model server at a time.
 * @param name of the object, for messages
 * @throws JobError if a record, or the whole object when it isn't split, is larger than a payload may be
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform.html
 */
export function splitIntoPayloads(body: Buffer, name: string, props: SplitProps): Buffer[] {
  const { splitType, strategy, maxPayloadBytes } = props;
  const records = splitType === 'Line' ? lines(body) : [body];
  for (const record of records)
    if (record.length > maxPayloadBytes)
      throw new JobError(
        'ClientError',
        `${name}: a record has ${record.length} bytes, a payload at most ${maxPayloadBytes}; raise MaxPayloadInMB`,
      );
  if (splitType === 'None' || strategy === 'SingleRecord') return records;
  const payloads: Buffer[][] = [];
  let size = 0;
  for (const record of records) {
    const current = payloads.at(-1);
    if (current && size + record.length <= maxPayloadBytes) {
      current.push(record);
      size += record.length;
    } else {
      payloads.push([record]);
      size = record.length;
    }
  }
  return payloads.map((parts) => Buffer.concat(parts));
}

/** Each with its line break, so that records put together again are the bytes that were split. */
function lines(body: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let start = 0;
  while (start < body.length) {
    const lineBreak = body.indexOf(0x0a, start);
    const end = lineBreak === -1 ? body.length : lineBreak + 1;
    found.push(body.subarray(start, end));
    start = end;
  }
  return found.filter((line) => line.toString().trim() !== '');
}

/** Puts the answers for one object together. */
export function assemble(answers: readonly Buffer[], assembleWith: 'None' | 'Line'): Buffer {
  if (assembleWith === 'None') return Buffer.concat(answers);
  return Buffer.concat(answers.flatMap((answer) => (answer.at(-1) === 0x0a ? [answer] : [answer, Buffer.from('\n')])));
}

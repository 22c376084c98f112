import { JobError } from '../job-error';

export type SplitType = 'None' | 'Line' | 'RecordIO' | 'TFRecord';

/** Begins each part of a record. @see https://mxnet.apache.org/versions/1.9.1/architecture/note_data_loading */
const RECORD_IO_MAGIC = Buffer.from([0x0a, 0x23, 0xd7, 0xce]);
const RECORD_IO_LENGTH = 2 ** 29 - 1;
/** Of what surrounds the data of a TFRecord: its length with a checksum before, a checksum after. */
const TF_HEADER = 12;
const TF_FOOTER = 4;

interface Framed {
  /** With what the format puts around it. */
  readonly whole: Buffer;
  readonly data: Buffer;
}

/**
 * Cuts one input object into records, in their order. A line keeps its line break and a binary record its wrapping, so
 * that records put together again are the bytes that were split; one that is sent alone is unwrapped.
 * @param name of the object, for messages
 * @throws JobError if the object isn't of that format
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TransformInput.html
 */
export function recordsOf(body: Buffer, name: string, splitType: SplitType, alone: boolean): Buffer[] {
  if (splitType === 'None') return [body];
  if (splitType === 'Line') return lines(body);
  const framed = splitType === 'RecordIO' ? recordIo(body, name) : tfRecords(body, name);
  return framed.map(({ whole, data }) => (alone ? data : whole));
}

/** An empty line is no record. */
function lines(body: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    const lineBreak = body.indexOf(0x0a, start);
    const end = lineBreak === -1 ? body.length : lineBreak + 1;
    found.push(body.subarray(start, end));
    start = end;
  }
  return found.filter((line) => line.toString().trim() !== '');
}

function recordIo(body: Buffer, name: string): Framed[] {
  const records: Framed[] = [];
  let begin = 0;
  let parts: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    if (start + 8 > body.length || !body.subarray(start, start + 4).equals(RECORD_IO_MAGIC))
      throw damaged(name, 'RecordIO', start);
    const word = body.readUInt32LE(start + 4);
    const length = word & RECORD_IO_LENGTH;
    // 0 is a whole record; 1, 2 and 3 are the first, a middle and the last part of one whose data has the magic in it.
    const kind = word >>> 29;
    const end = start + 8 + length + ((4 - (length % 4)) % 4);
    const opens = kind === 0 || kind === 1;
    if (kind > 3 || opens !== (parts.length === 0) || end > body.length) throw damaged(name, 'RecordIO', start);
    parts.push(body.subarray(start + 8, start + 8 + length));
    start = end;
    if (kind === 1 || kind === 2) continue;
    const data = Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [RECORD_IO_MAGIC, part])));
    records.push({ whole: body.subarray(begin, end), data });
    begin = end;
    parts = [];
  }
  if (parts.length > 0) throw damaged(name, 'RecordIO', begin);
  return records;
}

/** Checksums are left to the model: it has to read what it is sent anyway. */
function tfRecords(body: Buffer, name: string): Framed[] {
  const records: Framed[] = [];
  for (let start = 0; start < body.length; ) {
    if (start + TF_HEADER > body.length) throw damaged(name, 'TFRecord', start);
    const end = start + TF_HEADER + Number(body.readBigUInt64LE(start)) + TF_FOOTER;
    if (end > body.length) throw damaged(name, 'TFRecord', start);
    records.push({
      whole: body.subarray(start, end),
      data: body.subarray(start + TF_HEADER, end - TF_FOOTER),
    });
    start = end;
  }
  return records;
}

function damaged(name: string, format: SplitType, at: number): JobError {
  return new JobError('ClientError', `${name}: is not ${format}, got something else at byte ${at}; correct SplitType`);
}

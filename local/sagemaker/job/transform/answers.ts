import { JobError } from '../job-error';
import type { Payload } from './payloads';

/**
 * The answer for each record, out of the answers for whole payloads: one line a record.
 * @param name of the object, for messages
 * @throws JobError if a model answers more or fewer lines than it was sent records
 */
export function answersByRecord(payloads: readonly Payload[], answers: readonly Buffer[], name: string): Buffer[] {
  return payloads.flatMap(({ records }, index) => {
    const answer = answers[index] ?? Buffer.alloc(0);
    if (records === 1) return [answer];
    const lines = answer.toString().split('\n');
    if (lines.at(-1)?.trim() === '') lines.pop();
    if (lines.length !== records)
      throw new JobError(
        'ClientError',
        `${name}: the model answered ${lines.length} lines for ${records} records, so they can't be joined; send them one by one with BatchStrategy SingleRecord`,
      );
    return lines.map((line) => Buffer.from(line));
  });
}

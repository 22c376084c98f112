import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidInputError } from '../../core/invalid-input-error';
import { writeAnswer } from '../answer/write-answer';
import { Batcher } from '../batching/batcher';
import { CSV } from '../media-types';
import type { Model } from '../model/onnx-model';
import { csvLines } from '../request/csv-lines';
import { mostRows, OF_LINES } from '../request/most-rows';
import { readBody } from '../request/read-body';
import type { BatchSettings } from './batch-settings';
import { draftOf } from './drafts';
import { fileLines } from './file-lines';

/** Rows that are predicted in one go, as by the server. */
const BATCH_ROWS = 1024;

/** What a process gets whose draft another one has cleared: that of a removed file, locally and on NFS. */
const REMOVED: readonly unknown[] = ['ENOENT', 'ESTALE'];

/**
 * Answers the rows of a file, a line each. What is written stands beside the target until it is whole: a pod that is killed
 * leaves no half of an answer. Of several processes at one file each may finish it, or finds it finished.
 * @throws InvalidInputError for rows that the model can't take, or other bytes than UTF-8
 */
export async function answerFile(
  model: Model,
  file: string,
  target: string,
  { payload, joinInput }: Pick<BatchSettings, 'payload' | 'joinInput'>,
): Promise<void> {
  const batcher = new Batcher({ model, mostRows: BATCH_ROWS });
  await mkdir(dirname(target), { recursive: true });
  const draft = draftOf(target);
  const answers = await open(draft, 'wx');
  try {
    try {
      await writeAnswers(answers);
    } finally {
      await answers.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    const isRemoved = REMOVED.includes((error as NodeJS.ErrnoException).code);
    if (!(isRemoved && existsSync(target))) throw error;
  }

  async function writeAnswers(answers: FileHandle): Promise<void> {
    let header = '';
    let row = 1;
    // As many as any body may have, however short they are.
    const most = mostRows(0, model.columns.length, OF_LINES);
    for await (const lines of chunks(file, payload, most)) {
      if (row === 1 && header === '' && isHeader(lines[0] ?? '', model)) {
        header = lines.shift() ?? '';
        if (joinInput) await answers.appendFile(`${header},${model.outputs[0]?.name}\n`);
        if (lines.length === 0) continue;
      }
      // Not `write`, which may write only a part where the volume is nearly full, and says so by a number.
      await answers.appendFile(await answered(lines, header, row));
      row += lines.length;
    }
  }

  async function answered(lines: readonly string[], header: string, row: number): Promise<string> {
    const body = Buffer.from([...(header === '' ? [] : [header]), ...lines, ''].join('\n'));
    const table = await readBody(body, CSV, model.columns, {}).catch((fault: unknown) => {
      if (!(fault instanceof InvalidInputError)) throw fault;
      throw new InvalidInputError(`${file}, from row ${row} on, ${fault.where}`, fault.problem, fault.fix);
    });
    if (table.rows !== lines.length) {
      const problem = `a row must be a line, got ${table.rows} in ${lines.length} lines`;
      throw new InvalidInputError(`${file}, from row ${row} on`, problem, 'write cells without line ends');
    }
    const answer = writeAnswer(await batcher.predict(table), CSV);
    if (!joinInput) return answer;
    const values = answer.split('\n');
    return lines.map((line, index) => `${line},${values[index]}\n`).join('');
  }
}

/** Lines that together have at most so many bytes, or are one; and no more than `most`. */
async function* chunks(file: string, payload: number, most: number): AsyncGenerator<string[]> {
  let lines: string[] = [];
  let size = 0;
  for await (const line of fileLines(file)) {
    const length = Buffer.byteLength(line) + 1;
    if (lines.length > 0 && (size + length > payload || lines.length >= most)) {
      yield lines;
      lines = [];
      size = 0;
    }
    lines.push(line);
    size += length;
  }
  if (lines.length > 0) yield lines;
}

/** A line of which a quote is never closed is none: reading it as rows tells what is wrong. */
function isHeader(line: string, { columns }: Model): boolean {
  try {
    const [cells = []] = csvLines(line);
    return cells.some((cell) => columns.some(({ name }) => name === cell));
  } catch (error) {
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}

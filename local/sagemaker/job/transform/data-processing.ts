import { InvalidInputError } from '../../../../core/invalid-input-error';
import type { Json, JsonObject } from '../../../../core/json';
import { JobError } from '../job-error';
import { csvFields } from './csv-row';
import { type JsonPath, parseJsonPath } from './json-path';
import type { TransformRequest } from './transform-settings';

/** What is left of a record before the model sees it, and what becomes of its answer. */
export interface DataProcessing {
  /** @throws JobError if the record doesn't fit */
  filterInput(record: Buffer): Buffer;
  /** Whether answers have to be taken apart at all. */
  readonly changesOutput: boolean;
  /** @param record as it was before it was filtered @throws JobError if one of them doesn't fit */
  output(record: Buffer, answer: Buffer): Buffer;
}

type Format = 'csv' | 'json';
const FORMATS: Readonly<Record<string, Format>> = {
  'text/csv': 'csv',
  'application/json': 'json',
  'application/jsonlines': 'json',
};
const INPUT = 'DataProcessing.InputFilter';
const OUTPUT = 'DataProcessing.OutputFilter';

/** @returns what can't be done with the request's DataProcessing */
export function dataProcessingFaults(request: TransformRequest): string[] {
  const { DataProcessing, TransformInput, TransformOutput } = request;
  if (DataProcessing === undefined) return [];
  const faults: string[] = [];
  const paths: JsonPath[] = [];
  for (const [where, text] of [
    [INPUT, DataProcessing.InputFilter],
    [OUTPUT, DataProcessing.OutputFilter],
  ] as const)
    try {
      paths.push(parseJsonPath(text ?? '$', where));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      faults.push(error.message);
    }
  if (DataProcessing.JoinSource !== 'Input' && paths.every(({ isRoot }) => isRoot)) return faults;
  const input = formatOf(TransformInput?.ContentType);
  const output = formatOf(TransformOutput?.Accept);
  const types = Object.keys(FORMATS).join(', ');
  if (input === undefined)
    faults.push(
      `DataProcessing: TransformInput.ContentType must be one of ${types}, got ${TransformInput?.ContentType}`,
    );
  if (output === undefined)
    faults.push(`DataProcessing: TransformOutput.Accept must be one of ${types}, got ${TransformOutput?.Accept}`);
  if (input !== undefined && output !== undefined && input !== output)
    faults.push(`DataProcessing: ContentType and Accept must be of one format, got ${input} and ${output}`);
  if (input === 'csv' && paths.some(({ isOfRows }) => !isOfRows))
    faults.push('DataProcessing: a row of CSV has indexes only, got a path with names; write $[0] or $[1:]');
  const byLine = input === 'csv' || TransformInput?.ContentType === 'application/jsonlines';
  if (byLine && (TransformInput?.SplitType !== 'Line' || TransformOutput?.AssembleWith !== 'Line'))
    faults.push(
      `DataProcessing: SplitType and AssembleWith must be Line for ${TransformInput?.ContentType}, got ${TransformInput?.SplitType ?? 'None'} and ${TransformOutput?.AssembleWith ?? 'None'}`,
    );
  return faults;
}

/** @param request without {@link dataProcessingFaults} */
export function dataProcessing({ DataProcessing, TransformInput }: TransformRequest): DataProcessing {
  const inputFilter = parseJsonPath(DataProcessing?.InputFilter ?? '$', INPUT);
  const outputFilter = parseJsonPath(DataProcessing?.OutputFilter ?? '$', OUTPUT);
  const joins = DataProcessing?.JoinSource === 'Input';
  const format = formatOf(TransformInput?.ContentType) ?? 'csv';
  const join = (record: Buffer, answer: Buffer): Json =>
    format === 'csv'
      ? [...csvFields(record.toString()), ...csvFields(answer.toString())]
      : joinObjects(parse(record, 'record'), parse(answer, 'answer'));
  const alone = (text: Buffer, what: string): Json =>
    format === 'csv' ? csvFields(text.toString()) : parse(text, what);
  return {
    filterInput: (record) =>
      inputFilter.isRoot ? record : write(format, select(inputFilter, alone(record, 'record'))),
    changesOutput: joins || !outputFilter.isRoot,
    output: (record, answer) =>
      write(format, select(outputFilter, joins ? join(record, answer) : alone(answer, 'answer'))),
  };
}

function select(path: JsonPath, value: Json): Json {
  try {
    return path.select(value);
  } catch (error) {
    throw new JobError('ClientError', (error as Error).message);
  }
}

/** What isn't an object becomes a member of one. */
function joinObjects(record: Json, answer: Json): JsonObject {
  return typeof record === 'object' && record !== null && !Array.isArray(record)
    ? { ...(record as JsonObject), SageMakerOutput: answer }
    : { SageMakerInput: record, SageMakerOutput: answer };
}

function write(format: Format, value: Json): Buffer {
  const text = format === 'json' ? JSON.stringify(value) : (Array.isArray(value) ? value : [value]).join(',');
  return Buffer.from(`${text}\n`);
}

function parse(text: Buffer, what: string): Json {
  try {
    return JSON.parse(text.toString()) as Json;
  } catch (cause) {
    throw new JobError(
      'ClientError',
      `the ${what} is not JSON, got ${text.toString().slice(0, 100)}: ${(cause as Error).message}`,
    );
  }
}

function formatOf(contentType: string | undefined): Format | undefined {
  const media = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return Object.hasOwn(FORMATS, media) ? FORMATS[media] : undefined;
}

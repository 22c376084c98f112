import { z } from 'zod';
import type { RequestPredictions } from './prediction-shift';

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html */
const CapturedLine = z.looseObject({
  captureData: z.looseObject({
    endpointOutput: z.looseObject({
      observedContentType: z.string().nullish(),
      data: z.string(),
      encoding: z.enum(['CSV', 'JSON', 'BASE64']),
    }),
  }),
});

/** Members of a prediction that is an object, the first of which counts. */
const MEMBERS = ['probability', 'score', 'value', 'prediction', 'predicted_value', 'label', 'predicted_label'];

/**
 * The predictions in the lines of a capture file, a list a request. One number a row is read: of CSV the first cell; of
 * JSON the items of `predictions`, or of a list, each a number or an object with `probability`, `score`, `value`,
 * `prediction` or `label`. What is no such number is NaN, so that a release that answers in another form stands out.
 * Lines that hold no answer, or are cut off, are left out.
 */
export function capturedPredictions(text: string): RequestPredictions[] {
  return text
    .split('\n')
    .map(predictionsOf)
    .filter((predictions) => predictions.length > 0);
}

function predictionsOf(line: string): RequestPredictions {
  const captured = CapturedLine.safeParse(json(line));
  if (!captured.success) return [];
  const { data, encoding, observedContentType } = captured.data.captureData.endpointOutput;
  const body = encoding === 'BASE64' ? Buffer.from(data, 'base64').toString('utf8') : data;
  const isJson = encoding === 'JSON' || (encoding === 'BASE64' && /json/i.test(observedContentType ?? ''));
  return isJson ? ofJson(json(body)) : ofCsv(body);
}

function ofCsv(body: string): RequestPredictions {
  return body
    .split(/\r?\n/)
    .filter((row) => row.trim() !== '')
    .map((row) => numberOf((row.split(',')[0] ?? '').trim()));
}

function ofJson(body: unknown): RequestPredictions {
  if (Array.isArray(body)) return body.map(numberOf);
  if (typeof body === 'object' && body !== null && 'predictions' in body && Array.isArray(body.predictions))
    return body.predictions.map(numberOf);
  return [numberOf(body)];
}

function numberOf(prediction: unknown): number {
  if (typeof prediction === 'number') return prediction;
  if (typeof prediction === 'string' && prediction !== '') return Number(prediction);
  if (typeof prediction !== 'object' || prediction === null || Array.isArray(prediction)) return Number.NaN;
  const member = MEMBERS.find((name) => name in prediction);
  const value: unknown = member === undefined ? undefined : (prediction as Record<string, unknown>)[member];
  return typeof value === 'object' ? Number.NaN : numberOf(value);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

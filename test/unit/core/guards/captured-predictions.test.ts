import * as fc from 'fast-check';
import { capturedPredictions } from '../../../../core/guards/captured-predictions';

/** A line as SageMaker writes it, of which only the answer counts. */
function line(data: string, encoding = 'JSON', observedContentType: string | null = 'application/json'): string {
  return JSON.stringify({
    captureData: {
      endpointInput: { observedContentType: 'text/csv', mode: 'INPUT', data: '1,2', encoding: 'CSV' },
      endpointOutput: { observedContentType, mode: 'OUTPUT', data, encoding },
    },
    eventMetadata: { eventId: 'e', inferenceTime: '2026-03-01T12:00:00Z' },
    eventVersion: '0',
  });
}
const base64 = (text: string) => Buffer.from(text).toString('base64');
const of = (...lines: string[]) => capturedPredictions(lines.join('\n'));

describe('the predictions of a capture file', () => {
  test.each<[string, string, readonly number[]]>([
    [
      'probabilities with labels',
      '{"predictions": [{"label": 1, "probability": 0.7}, {"label": 0, "probability": 0}]}',
      [0.7, 0],
    ],
    ['numbers', '{"predictions": [0.5, "0.25", -3]}', [0.5, 0.25, -3]],
    ['scores', '[{"score": 0.1}]', [0.1]],
    ['amounts', '{"predictions": [{"prediction": 1250.5}]}', [1250.5]],
    ['labels', '{"predictions": [{"label": 1}, {"predicted_label": "0"}]}', [1, 0]],
    ['one number', '0.3', [0.3]],
    ['one object', '{"probability": 0.3}', [0.3]],
  ])('are read from JSON: %s', (_, body, expected) => {
    expect(of(line(body))).toEqual([expected]);
  });

  test('are read from CSV: the first cell of each row', () => {
    expect(of(line('0.1\r\n0.2,1\n\n', 'CSV', 'text/csv'))).toEqual([[0.1, 0.2]]);
  });

  test('are read from base64 by what the content was', () => {
    expect(of(line(base64('[0.5]'), 'BASE64'), line(base64('0.5\n1'), 'BASE64', 'text/plain'))).toEqual([
      [0.5],
      [0.5, 1],
    ]);
    expect(of(line(base64('0.5'), 'BASE64', null))).toEqual([[0.5]]);
  });

  test('are a list a request', () => {
    expect(of(line('[1, 2]'), line('[3]'))).toEqual([[1, 2], [3]]);
  });

  test.each([
    '{"error": "broken"}',
    '"sunny"',
    'null',
    'not JSON',
    '{"predictions": [[0.1, 0.9]]}',
    '{"score": {"a": 1}}',
  ])('are not a number, and stand out, where the answer is %s', (body) => {
    expect(of(line(body))).toEqual([[Number.NaN]]);
  });

  test('leave out lines without an answer, empty answers, and lines that are cut off', () => {
    const inputOnly = JSON.stringify({ captureData: { endpointInput: { data: '1', encoding: 'CSV' } } });
    expect(of('', inputOnly, line('[]'), line('', 'CSV'), line('[1]').slice(0, -20), line('[2]'))).toEqual([[2]]);
  });

  test('are read from whatever text, without an error', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), fc.constantFrom('CSV', 'JSON', 'BASE64'), (text, body, encoding) => {
        expect(
          capturedPredictions(`${text}\n${line(body, encoding)}`)
            .flat()
            .every((value) => typeof value === 'number'),
        ).toBe(true);
      }),
    );
  });
});

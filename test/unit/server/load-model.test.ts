/** @jest-environment ./test/unit/server/host-arrays.cjs */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onnxMetadata } from '../../../server/model/onnx-metadata';
import { loadOnnxModel } from '../../../server/model/onnx-model';
import { type OnnxFile, onnxFile } from './onnx-file';
import { MODEL, type ModelFolder, modelFolder, probability } from './test-model';

let folder: ModelFolder | undefined;
afterEach(() => folder?.remove());

function load(bytes?: Buffer, card?: unknown, sha256?: string) {
  folder = modelFolder(bytes, card);
  return loadOnnxModel(folder.directory, sha256);
}
const changed = (change: Partial<OnnxFile>) => onnxFile({ ...MODEL, ...change });

describe('a model folder', () => {
  test('gives the columns of the graph, with what its metadata says of them', async () => {
    const { columns, outputs } = await load();
    expect(columns).toEqual([
      { name: 'carrier', kind: 'category', type: 'string', required: true, categories: new Set(['AA', 'UA']) },
      { name: 'hour', kind: 'number', type: 'float64', required: true, minimum: 0, maximum: 23 },
      { name: 'temp', kind: 'number', type: 'float64', required: false },
    ]);
    expect(outputs).toEqual([
      { name: 'probability', type: 'float64', width: 1 },
      { name: 'label', type: 'int64', width: 1 },
    ]);
  });

  test('predicts rows with gaps and words that it never saw', async () => {
    const model = await load();
    const columns = [['AA', 'UA', 'ZZ'], Float64Array.of(2, 0, -1), Float64Array.of(Number.NaN, 3, 4)];
    const { outputs } = await model.predict({ rows: 3, columns });
    const [probabilities, labels] = outputs.map(({ cells }) => [...cells].map(Number));
    expect(probabilities?.[0]).toBeCloseTo(probability('AA', 2), 12);
    expect(probabilities?.[1]).toBeCloseTo(probability('UA', 0), 12);
    expect(labels?.slice(0, 2)).toEqual([1, 0]);
  });

  test('fails rather than answer by an output that has not a row for each', async () => {
    const model = await load(
      onnxFile({
        inputs: [{ name: 'hour', type: 'float64' }],
        outputs: [{ name: 'y', type: 'float64', shape: ['values'] }],
        nodes: [{ op: 'Unique', inputs: ['hour'], output: 'y' }],
      }),
    );
    await expect(model.predict({ rows: 3, columns: [Float64Array.of(1, 2, 2)] })).rejects.toThrow(
      'output y must be [3, 1], got [2]',
    );
  });

  test('takes every column as required where the graph describes none', async () => {
    const { columns } = await load(changed({ metadata: {} }));
    expect(columns.map(({ required, minimum, categories }) => [required, minimum, categories])).toEqual(
      columns.map(() => [true, undefined, undefined]),
    );
  });

  test.each([
    [
      'another file than the card names',
      undefined,
      { onnx: { sha256: 'a'.repeat(64) } },
      /must have the SHA-256 a{64}, got [0-9a-f]{64}; export/,
    ],
    ['no card', undefined, false, /model\.json: can't be read, got ENOENT; .*MODEL_SERVER_MODEL_SHA256/],
    ['a card without a digest', undefined, { onnx: {} }, /model\.json: must hold onnx\.sha256, got none/],
    [
      'no model at all',
      Buffer.from('not a model'),
      undefined,
      /model\.onnx: can't be run by onnxruntime, got .*; export/,
    ],
    ['a model cut short', onnxFile(MODEL).subarray(0, 200), undefined, /can't be run by onnxruntime/],
    [
      'an operator that the runtime lacks',
      changed({
        nodes: [{ op: 'Astrology', inputs: ['hour'], output: 'probability' }],
        outputs: [{ name: 'probability', type: 'float64' }],
      }),
      undefined,
      /can't be run by onnxruntime, got .*Astrology/,
    ],
    [
      'an input that is no column',
      onnxFile({
        inputs: [{ name: 'pixels', type: 'float64', shape: ['rows', 3] }],
        outputs: [{ name: 'y', type: 'float64', shape: ['rows', 3] }],
        nodes: [{ op: 'Abs', inputs: ['pixels'], output: 'y' }],
      }),
      undefined,
      /input pixels: must be a column of the shape \[rows, 1\], got the shape \[rows, 3\]; export/,
    ],
    [
      'an input of a type without a form in requests',
      onnxFile({
        inputs: [{ name: 'flag', type: 'bool' }],
        outputs: [{ name: 'y', type: 'bool' }],
        nodes: [{ op: 'Not', inputs: ['flag'], output: 'y' }],
      }),
      undefined,
      /input flag: must be of string, .*, got bool/,
    ],
    [
      'an output of a type without a form in answers',
      onnxFile({
        inputs: [{ name: 'hour', type: 'float64' }],
        outputs: [{ name: 'y', type: 'uint8' }],
        nodes: [{ op: 'Cast', inputs: ['hour'], output: 'y', attributes: { to: 2 } }],
      }),
      undefined,
      /output y: must be of string, .*bool, got uint8; cast it inside/,
    ],
    [
      'whole numbers that may lack a value',
      onnxFile({
        inputs: [{ name: 'seats', type: 'int64' }],
        outputs: [{ name: 'y', type: 'int64' }],
        nodes: [{ op: 'Abs', inputs: ['seats'], output: 'y' }],
        metadata: { columns: '[{"name":"seats","required":false}]' },
      }),
      undefined,
      /input seats: can't lack a value/,
    ],
    [
      'metadata of another graph',
      changed({ metadata: { columns: '[{"name":"dest","required":true}]' } }),
      undefined,
      /describes an input that the graph lacks, got dest/,
    ],
    [
      'metadata that is no list',
      changed({ metadata: { columns: '{"name"' } }),
      undefined,
      /metadata columns: must be a list of columns in JSON/,
    ],
  ])('refuses %s', async (_, bytes, card, message) => {
    await expect(load(bytes, card)).rejects.toThrow(message);
  });

  test('takes the digest of the environment over that of the card', async () => {
    await expect(load(undefined, undefined, 'b'.repeat(64))).rejects.toThrow('must have the SHA-256 bbbb');
  });

  test('says that the model is missing', async () => {
    folder = modelFolder();
    await expect(loadOnnxModel(join(folder.directory, 'elsewhere'), 'c'.repeat(64))).rejects.toThrow(
      /model\.onnx: can't be read, got ENOENT/,
    );
    writeFileSync(join(folder.directory, 'model.json'), '{');
    await expect(loadOnnxModel(folder.directory)).rejects.toThrow(/model\.json: must be JSON/);
  });
});

test('metadata of bytes that are no message is empty', () => {
  for (const bytes of [[], [0x72], [0x72, 0xff], [0xff, 0xff, 0xff], [0x0b], [0x72, 0x02, 0x0a, 0x7f]]) {
    expect([...onnxMetadata(Uint8Array.from(bytes))].flat().join('')).toBe('');
  }
});

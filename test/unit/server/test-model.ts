import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OnnxFile, onnxFile } from './onnx-file';

/** Carriers that the model knows, and what each adds to the score. */
export const CARRIERS = { AA: 1, UA: -1 } as const;

const COLUMNS = [
  { name: 'carrier', required: true, categories: Object.keys(CARRIERS) },
  { name: 'hour', required: true, minimum: 0, maximum: 23 },
  { name: 'temp', required: false },
];

/** score = carrier + hour, whatever temp is; probability = sigmoid(score); label is whether the score is above 0. */
export const MODEL: OnnxFile = {
  inputs: [
    { name: 'carrier', type: 'string' },
    { name: 'hour', type: 'float64' },
    { name: 'temp', type: 'float64' },
  ],
  outputs: [
    { name: 'probability', type: 'float64' },
    { name: 'label', type: 'int64' },
  ],
  nodes: [
    {
      op: 'LabelEncoder',
      inputs: ['carrier'],
      output: 'code',
      domain: 'ai.onnx.ml',
      attributes: { keys_strings: Object.keys(CARRIERS), values_floats: Object.values(CARRIERS) },
    },
    { op: 'Cast', inputs: ['code'], output: 'added', attributes: { to: 11 } },
    { op: 'Add', inputs: ['added', 'hour'], output: 'sum' },
    // A gap in temp must not reach the score, but temp has to be used.
    { op: 'IsNaN', inputs: ['temp'], output: 'lacks' },
    { op: 'Where', inputs: ['lacks', 'sum', 'sum'], output: 'score' },
    { op: 'Sigmoid', inputs: ['score'], output: 'probability' },
    { op: 'Sign', inputs: ['score'], output: 'sign' },
    { op: 'Relu', inputs: ['sign'], output: 'positive' },
    { op: 'Cast', inputs: ['positive'], output: 'label', attributes: { to: 7 } },
  ],
  metadata: { columns: JSON.stringify(COLUMNS) },
};

export const probability = (carrier: keyof typeof CARRIERS, hour: number) =>
  1 / (1 + Math.exp(-(CARRIERS[carrier] + hour)));

export interface ModelFolder {
  readonly directory: string;
  remove(): void;
}

/** A folder such as model.tar.gz leaves. @param card of model.json; false leaves it out */
export function modelFolder(bytes: Buffer = onnxFile(MODEL), card?: unknown): ModelFolder {
  const directory = mkdtempSync(join(tmpdir(), 'model-'));
  writeFileSync(join(directory, 'model.onnx'), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (card !== false) writeFileSync(join(directory, 'model.json'), JSON.stringify(card ?? { onnx: { sha256 } }));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

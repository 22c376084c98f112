/**
 * What the model alone costs: calls of onnxruntime one after another, with tensors that are there already. Prints calls a
 * second.
 *
 *   tsx onnx-loop.ts FOLDER ROWS SECONDS
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Row } from './bench-model';

const WARM_UP_CALLS = 200;

async function main([base = '', count = '1', seconds = '1']: readonly string[]): Promise<void> {
  const session = await InferenceSession.create(join(base, 'model', 'model.onnx'), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const all = JSON.parse(readFileSync(join(base, 'rows.json'), 'utf8')) as readonly Row[];
  const rows = all.slice(0, Number(count));
  const feeds: Record<string, Tensor> = {};
  for (const input of session.inputMetadata) {
    const cells = rows.map((row) => row[input.name]);
    const shape = [rows.length, 1];
    feeds[input.name] =
      input.isTensor && input.type === 'string'
        ? new Tensor(
            'string',
            cells.map((cell) => String(cell ?? '')),
            shape,
          )
        : new Tensor(
            'float64',
            Float64Array.from(cells, (cell) => Number(cell ?? Number.NaN)),
            shape,
          );
  }
  for (let call = 0; call < WARM_UP_CALLS; call += 1) await session.run(feeds);
  const begun = performance.now();
  let calls = 0;
  while (performance.now() - begun < Number(seconds) * 1000) {
    await session.run(feeds);
    calls += 1;
  }
  process.stdout.write(String((calls * 1000) / (performance.now() - begun)));
}

void main(process.argv.slice(2));

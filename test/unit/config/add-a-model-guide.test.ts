import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { ModelInput } from '../../../config/model-spec';
import { models } from '../../../config/models';
import { defineEnvironments, defineModels } from '../../../config/schema';
import { renderSageMaker } from '../../../pipelines/render/sagemaker';
import { standardPipeline } from '../../../pipelines/standard-pipeline';
import { standard } from '../pipelines/smallest';
import { environment } from './smallest';

const ROOT = join(__dirname, '../../..');
const page = readFileSync(join(ROOT, 'docs/guide/add-a-model.md'), 'utf8');
const entries = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = '']) => block);
const { 'flight-delay': flightDelay } = models;

/** What a reader would have in `config/models.ts`. */
const documented = JSON.parse(
  JSON.stringify(runInNewContext(`({${entries.join('\n')}})`, { flightDelay })),
) as Readonly<Record<string, ModelInput>>;

describe.each(Object.keys(documented))('the entry %s of docs/guide/add-a-model.md', (name) => {
  const spec = defineModels(documented)[name] as (typeof models)['flight-delay'];
  const script = (file: string) => join(ROOT, 'workloads', spec.workload, `${file}.py`);

  test('is taken by config, in an environment with SageMaker', () => {
    expect(() => defineEnvironments(defineModels(documented), { dev: environment([name]) })).not.toThrow();
  });

  test('makes a pipeline whose scripts are there', () => {
    const serverImageUri = spec.server === 'onnx' ? 'server' : undefined;
    expect(() => renderSageMaker(standardPipeline({ ...standard(documented[name]), serverImageUri }))).not.toThrow();
    for (const file of ['prepare', 'validate', 'train', 'evaluate', 'serve'])
      expect({ file, there: existsSync(script(file)) }).toEqual({ file, there: true });
  });

  test('gives train.py and prepare.py options that they know, and has an image for its framework', () => {
    const options = readFileSync(script('train'), 'utf8');
    for (const option of [...Object.keys(spec.hyperparameters), ...Object.keys(spec.tuning?.ranges ?? {})])
      expect(options).toContain(`"--${option}"`);
    expect(existsSync(join(ROOT, 'workloads/images', spec.framework, 'requirements.lock'))).toBe(true);
  });
});

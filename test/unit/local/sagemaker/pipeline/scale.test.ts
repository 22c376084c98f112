import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineFixture } from './pipeline-fixture';
import { definition, run, type Step, shell } from './run-pipeline';

let local: PipelineFixture;

beforeEach(async () => {
  local = await new PipelineFixture().start();
  local.patienceMs = TIMEOUT - 10_000;
});
afterEach(() => local.remove());

const STEPS = 200;
/** Generous: a chain takes about 5 s on two busy cores, of which the processes are the most. */
const TIMEOUT = 120_000;

function steps(dependsOn: (index: number) => readonly string[]): Step[] {
  return Array.from({ length: STEPS }, (_, index) => shell(`s${index}`, ':', { DependsOn: dependsOn(index) }));
}

describe('a pipeline of 200 steps', () => {
  test(
    'in a chain runs them one after the other, and its record holds little of each',
    async () => {
      const chain = steps((index) => (index === 0 ? [] : [`s${index - 1}`]));
      const ended = await run(local, definition(chain));
      expect(ended.status).toBe('Succeeded');
      expect(ended.steps.map(({ StepName }) => StepName)).toEqual(chain.map(({ Name }) => Name));
      // With what the steps leave in it, those that list executions would read all of that.
      const folder = join(local.root, 'sagemaker', 'pipeline-executions');
      const [record = ''] = readdirSync(folder);
      expect(statSync(join(folder, record)).size / STEPS).toBeLessThan(500);
    },
    TIMEOUT,
  );

  test(
    'in a fan runs as many at a time as it may',
    async () => {
      const fan = steps((index) => (index === 0 ? [] : ['s0']));
      const ended = await run(local, definition(fan), { ParallelismConfiguration: { MaxParallelExecutionSteps: 50 } });
      expect(ended.status).toBe('Succeeded');
      expect(ended.steps).toHaveLength(STEPS);
    },
    TIMEOUT,
  );
});

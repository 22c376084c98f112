import type { Profiler } from 'node:inspector';
import { MEMORY, REST, timeByCause } from '../../../performance/executor/profile/cpu-profile';
import { meanPhases, type StepState, stepTimes } from '../../../performance/executor/profile/step-phases';

const frame = (functionName: string, url = ''): Profiler.ProfileNode['callFrame'] => ({
  functionName,
  url,
  scriptId: '0',
  lineNumber: 0,
  columnNumber: 0,
});
const CAUSES = [{ title: 'ours', files: /\/ours\// }];

describe('the time of a profile', () => {
  test('is put down to the nearest function that a cause names, and none to idling', () => {
    const nodes = [
      { id: 1, callFrame: frame('(root)'), children: [2, 3, 4, 5] },
      { id: 2, callFrame: frame('(idle)') },
      { id: 3, callFrame: frame('(garbage collector)') },
      { id: 4, callFrame: frame('run', 'file:///a/ours/run.ts'), children: [6] },
      { id: 5, callFrame: frame('onread', 'node:net') },
      { id: 6, callFrame: frame('writeFileSync', 'node:fs'), children: [7] },
      { id: 7, callFrame: frame('open') },
    ];
    const profile = { nodes, startTime: 0, endTime: 0, samples: [2, 3, 4, 7, 5, 2], timeDeltas: [9, 1, 2, 4, 8, 16] };
    expect(
      Object.fromEntries(timeByCause({ ...profile, timeDeltas: profile.timeDeltas.map((n) => n * 1000) }, CAUSES)),
    ).toEqual({
      [MEMORY]: 2,
      ours: 4 + 8,
      [REST]: 16,
    });
  });

  test('is none of a profile without samples', () => {
    expect(timeByCause({ nodes: [], startTime: 0, endTime: 0 }, CAUSES).size).toBe(0);
  });
});

const at = (ms: number) => new Date(ms).toISOString();
const step = (begun: number, ended: number, Arn: string): StepState => ({
  StartTime: at(begun),
  EndTime: at(ended),
  Metadata: { ProcessingJob: { Arn } },
});
const job = (ProcessingJobArn: string, begun: number, ended: number) =>
  [ProcessingJobArn, { ProcessingJobArn, ProcessingStartTime: at(begun), ProcessingEndTime: at(ended) }] as const;

describe('the phases of a step', () => {
  test('follow each other without a gap', () => {
    const times = stepTimes(
      [step(100, 150, 'a'), step(156, 200, 'b')],
      new Map([job('a', 110, 140), job('b', 158, 190)]),
    );
    expect(meanPhases(times)).toEqual({ between: 3, before: 6, process: 31, after: 10 });
  });

  test('need the job of each step, and a step', () => {
    expect(() => stepTimes([step(1, 2, 'a')], new Map())).toThrow('needs the job of each step, got none for a');
    expect(() => meanPhases([])).toThrow(RangeError);
  });
});

import { furtherReleases } from '../../../config/further-releases';
import type { ModelInput } from '../../../config/model-spec';
import { defineModels } from '../../../config/schema';
import type { Serving } from '../../../config/serving';
import { startupSeconds } from '../../../config/startup-seconds';
import { model } from './smallest';

type Input = ModelInput['serving'];
const parse = (serving: object): Serving => defineModels({ churn: model({ serving: serving as Input }) }).churn.serving;

/** The smallest entry of each mode. */
const smallest = {
  realtime: { mode: 'realtime' },
  serverless: { mode: 'serverless' },
  asynchronous: { mode: 'asynchronous' },
  batch: { mode: 'batch' },
  'multi-variant': { mode: 'multi-variant', weight: 9, challengers: [{ name: 'challenger', weight: 1 }] },
  shadow: { mode: 'shadow' },
  'inference-component': { mode: 'inference-component', cpuCores: 1, memoryMb: 1024 },
} as const;
type Mode = keyof typeof smallest;
const on = { instanceType: 'ml.m5.large', startupSeconds: 240 };

describe('the serving of a model', () => {
  test.each([
    ['realtime', { ...on, capturePercent: 100 }],
    ['serverless', { memoryMb: 2048, maxConcurrency: 20 }],
    ['asynchronous', on],
    [
      'batch',
      {
        instanceType: 'ml.m5.large',
        instanceCount: 1,
        splitType: 'Line',
        strategy: 'MultiRecord',
        maxPayloadMb: 6,
        maxConcurrentTransforms: 1,
        joinInput: true,
        contentType: 'text/csv',
        inPipeline: false,
        timeZone: 'UTC',
        inputPrefix: 'batch/input',
        outputPrefix: 'batch/output',
      },
    ],
    ['multi-variant', { ...on, capturePercent: 100, weight: 9, challengers: [{ name: 'challenger', weight: 1 }] }],
    ['shadow', { ...on, capturePercent: 100, samplePercent: 100, shadowInstances: 1 }],
    ['inference-component', { ...on, cpuCores: 1, memoryMb: 1024, copies: 1 }],
  ] as const)('%s has the documented defaults', (mode, defaults) => {
    expect(parse(smallest[mode])).toEqual({ mode, ...defaults });
  });

  test.each([
    ['serverless', 'maxConcurrency', [1, 200], [0, -1, 201, 1.5, Number.NaN]],
    ['serverless', 'provisionedConcurrency', [1, 200], [0, 201]],
    ['serverless', 'memoryMb', [1024, 6144], [0, 1000, 1536, 7168, Number.NaN]],
    ['asynchronous', 'maxConcurrentInvocationsPerInstance', [1, 1000], [0, -1, 1001, 1.5, Number.NaN]],
    ['batch', 'instanceCount', [1, 100], [0, 101]],
    ['batch', 'maxPayloadMb', [1, 100], [0, 101]],
    ['batch', 'maxConcurrentTransforms', [1, 100], [0, 101]],
    ['multi-variant', 'weight', [0.5, 1000], [0, -1, 1001, Number.NaN]],
    ['shadow', 'samplePercent', [1, 100], [0, -1, 101, 0.5, Number.NaN]],
    ['shadow', 'shadowInstances', [1, 100], [0, 101]],
    ['inference-component', 'cpuCores', [0.25, 4], [0, 0.24, Number.NaN]],
    ['inference-component', 'memoryMb', [128], [0, 127, Number.NaN]],
    ['inference-component', 'accelerators', [1, 16], [0, 17]],
    ['inference-component', 'copies', [1, 100], [0, 101]],
    ['realtime', 'startupSeconds', [60, 3600], [0, 59, 3601, Number.NaN]],
    ['realtime', 'capturePercent', [0, 100], [-1, 101, Number.NaN]],
  ] as const)('%s keeps %s within its bounds', (mode: Mode, setting, within, beyond) => {
    for (const value of within) expect(parse({ ...smallest[mode], [setting]: value })).toHaveProperty(setting, value);
    for (const value of beyond) {
      expect(() => parse({ ...smallest[mode], [setting]: value })).toThrow(`churn.serving.${setting}: `);
    }
  });

  test.each([
    ['serverless', { capturePercent: 10 }, 'a serverless endpoint captures nothing, and Model Monitor has nothing'],
    ['serverless', { instanceType: 'ml.g5.xlarge' }, 'a serverless endpoint has no instances, and so no GPU, got'],
    ['serverless', { challengers: [] }, 'a serverless endpoint has one variant, got []; leave it out'],
    [
      'asynchronous',
      { capturePercent: 1 },
      'asynchronous requests and answers are objects in S3 already, got 1; leave',
    ],
    [
      'inference-component',
      { capturePercent: 1 },
      'SageMaker documents no data capture for inference components, got 1; leave',
    ],
  ] as const)('%s with %j is refused with the reason and the way out', (mode: Mode, setting, message) => {
    expect(() => parse({ ...smallest[mode], ...setting })).toThrow(message);
  });

  test('refuses a mode that there is not, naming those that there are', () => {
    expect(() => parse({ mode: 'edge' })).toThrow(/churn\.serving\.mode: .*'serverless'.*got "edge"/);
  });

  test('takes 1 to 9 challengers, each of its own name', () => {
    const challengers = (...names: string[]) => ({
      ...smallest['multi-variant'],
      challengers: names.map((name) => ({ name, weight: 1 })),
    });
    const many = Array.from({ length: 10 }, (_, index) => `v${index}`);
    expect(furtherReleases(parse(challengers(...many.slice(1))))).toEqual(many.slice(1));
    expect(() => parse(challengers())).toThrow('churn.serving.challengers: must be at least 1');
    expect(() => parse(challengers(...many))).toThrow('churn.serving.challengers: must be at most 9');
    expect(() => parse(challengers('a', 'a'))).toThrow('each variant needs a name of its own');
    expect(() => parse(challengers('AllTraffic'))).toThrow('a variant name is lower-case words joined by hyphens');
  });

  test('lets a challenger have no share of the traffic, and not a negative one', () => {
    const weight = (value: number) => ({
      ...smallest['multi-variant'],
      challengers: [{ name: 'challenger', weight: value }],
    });
    expect(parse(weight(0))).toMatchObject({ challengers: [{ weight: 0 }] });
    for (const wrong of [-1, 1001, Number.NaN]) expect(() => parse(weight(wrong))).toThrow('challengers.0.weight');
  });

  test('says how long a container may take to start, and 0 where that is not ours to say', () => {
    expect(startupSeconds(parse({ mode: 'realtime', startupSeconds: 90 }))).toBe(90);
    expect(startupSeconds(parse(smallest.serverless))).toBe(0);
    expect(startupSeconds(parse(smallest.batch))).toBe(0);
  });

  test('has a release for the shadow, and none besides the own where one version serves', () => {
    expect(furtherReleases(parse(smallest.shadow))).toEqual(['shadow']);
    expect(furtherReleases(parse(smallest.realtime))).toEqual([]);
  });
});

import type { ModelInput } from '../../../config/model-spec';
import { defineModels } from '../../../config/schema';
import { model } from './smallest';

const parse = (overrides: Partial<ModelInput>) => defineModels({ churn: model(overrides) }).churn;
const tuning = { objective: { metric: 'auc', direction: 'maximize' }, maxJobs: 4 } as const;

describe('a model in config/models.ts', () => {
  test('has the documented defaults', () => {
    expect(parse({ tuning: { ...tuning, ranges: { depth: { kind: 'integer', min: 1, max: 3 } } } })).toMatchObject({
      preparation: {},
      hyperparameters: {},
      training: { instanceType: 'ml.m5.large', volumeGb: 30, maxRuntimeMinutes: 60 },
      serving: { instanceType: 'ml.m5.large', startupSeconds: 240, capturePercent: 100 },
      rollout: {
        percent: 10,
        bakeMinutes: 10,
        guards: { errorRatePercent: 1, p99LatencyMs: 1000, custom: [], minimumRequests: 20 },
        whenInconclusive: 'proceed',
      },
      tuning: { strategy: 'Random', maxParallelJobs: 2, seed: 0, ranges: { depth: { scaling: 'Auto' } } },
    });
    expect(parse({ rollout: { kind: 'linear' } }).rollout).toMatchObject({ stepPercent: 20, stepMinutes: 5 });
    expect(parse({ rollout: { kind: 'blueGreen' } }).rollout).toMatchObject({ bakeMinutes: 10 });
  });

  test('is refused with all its mistakes at once, each with its path, value and fix', () => {
    const wrong = () =>
      defineModels({
        churn: model({ rollout: { kind: 'canary', percent: 60 }, owners: [] }),
        Fraud: { ...model(), colour: 'red' } as ModelInput,
      });
    expect(wrong).toThrow(/^config\/models\.ts: 4 problems/);
    expect(wrong).toThrow('config/models.ts: churn.rollout.percent: must be at most 50, got 60; lower it');
    expect(wrong).toThrow('config/models.ts: churn.owners: must be at least 1, got []; raise it');
    expect(wrong).toThrow(
      'config/models.ts: Fraud: a model name is lower-case words joined by hyphens, got Fraud; rename the entry',
    );
    expect(wrong).toThrow('config/models.ts: Fraud: unknown key colour');
  });

  test.each(['Team & Co', '<team@example.com>', 'a, b', ''])('refuses the owner %p, whom no tag can hold', (owner) => {
    expect(() => parse({ owners: [owner] })).toThrow(
      'churn.owners.0: an owner is letters, digits, spaces and _ . : / = + - @, as in an e-mail address',
    );
  });

  test('takes owners of 256 characters together, with a space between them, and not of 257', () => {
    expect(parse({ owners: ['a'.repeat(128), 'b'.repeat(127)] }).owners).toHaveLength(2);
    expect(() => parse({ owners: ['a'.repeat(128), 'b'.repeat(128)] })).toThrow(
      'churn.owners: all owners together have at most 256 characters',
    );
  });

  test.each([0, -1, 51, 10.5, Number.NaN])('refuses a canary of %d percent', (percent) => {
    expect(() => parse({ rollout: { kind: 'canary', percent } })).toThrow(`churn.rollout.percent`);
  });

  test.each([1, 50])('takes a canary of %d percent', (percent) => {
    expect(parse({ rollout: { kind: 'canary', percent } }).rollout).toMatchObject({ percent });
  });

  test.each([0, 9, 51, Number.NaN])('refuses a linear step of %d percent', (stepPercent) => {
    expect(() => parse({ rollout: { kind: 'linear', stepPercent } })).toThrow('churn.rollout.stepPercent');
  });

  test.each([-1, 61, 1.5, Number.NaN])('refuses to bake for %d minutes', (bakeMinutes) => {
    expect(() => parse({ rollout: { kind: 'blueGreen', bakeMinutes } })).toThrow('churn.rollout.bakeMinutes');
  });

  test('refuses a range whose bounds are the wrong way round, or a logarithm of zero', () => {
    const ranges = {
      depth: { kind: 'integer', min: 5, max: 5 },
      rate: { kind: 'continuous', min: 0, max: 1, scaling: 'Logarithmic' },
    } as const;
    const wrong = () => parse({ tuning: { ...tuning, ranges } });
    expect(wrong).toThrow('churn.tuning.ranges.depth: min must be below max, got 5 and 5');
    expect(wrong).toThrow('churn.tuning.ranges.rate: logarithmic scaling needs a positive min, got 0');
  });

  test('refuses a grid over numbers, which SageMaker refuses too', () => {
    const ranges = { depth: { kind: 'integer', min: 1, max: 5 } } as const;
    expect(() => parse({ tuning: { ...tuning, strategy: 'Grid', ranges } })).toThrow(
      'a grid search takes only categorical ranges',
    );
  });

  test('refuses a hyperparameter that is both fixed and tuned', () => {
    const ranges = { depth: { kind: 'integer', min: 1, max: 5 } } as const;
    expect(() => parse({ hyperparameters: { depth: 3 }, tuning: { ...tuning, ranges } })).toThrow(
      'churn.tuning.ranges.depth: is also fixed in hyperparameters, got 3; keep one of the two',
    );
  });

  describe('with a gate against the champion', () => {
    const gate = (beatsChampion: object) =>
      defineModels({ churn: model({ gates: [{ metric: 'auc', atLeast: 0.6, beatsChampion }] }) }).churn.gates[0];

    test('asks to be 95 % sure of any difference, unless it says otherwise', () => {
      expect(gate({})).toMatchObject({ beatsChampion: { confidence: 0.95, margin: 0 } });
      expect(gate({ confidence: 0.5, margin: 0.002 })).toMatchObject({ beatsChampion: { margin: 0.002 } });
    });

    test.each([0, -1, 0.49, 1, Number.NaN])('refuses a confidence of %d', (confidence) => {
      expect(() => gate({ confidence })).toThrow('churn.gates.0');
    });

    test.each([-0.001, Number.NaN, Number.POSITIVE_INFINITY])('refuses a margin of %d', (margin) => {
      expect(() => gate({ margin })).toThrow('churn.gates.0');
    });
  });

  describe('with names that become ids', () => {
    const challengers = (...names: string[]) =>
      parse({
        serving: { mode: 'multi-variant', weight: 1, challengers: names.map((name) => ({ name, weight: 1 })) },
      });

    test.each([
      ['a-b1', 'a-b-1', 'AB1'],
      ['ab-1', 'ab1', 'Ab1'],
    ])('refuses the challengers %s and %s, which are one in the ids of constructs', (first, second, id) => {
      expect(() => challengers('other', first, second)).toThrow(
        `config/models.ts: churn.serving.challengers.2.name: becomes ${id}, as ${first} does, got ${second}; rename one of the two`,
      );
    });

    test('takes challengers whose names differ in PascalCase', () => {
      expect(challengers('a-b', 'ab', 'a-b1', 'a-b2').serving).toHaveProperty('challengers.length', 4);
    });

    test('refuses a challenger called model, whose condition the stack has already', () => {
      expect(() => challengers('model')).toThrow(
        'churn.serving.challengers.0.name: becomes Model, which the stack has for something else, got model; rename it',
      );
    });

    test('refuses gates that are one parameter of the pipeline, and takes both bounds of a metric', () => {
      expect(() =>
        parse({
          gates: [
            { metric: 'roc_auc', atLeast: 0.6 },
            { metric: 'roc-auc', atLeast: 0.7 },
          ],
        }),
      ).toThrow('churn.gates.1.metric: becomes GateRocAucAtLeast, as roc_auc does, got roc-auc; rename one of the two');
      expect(
        parse({
          gates: [
            { metric: 'bias', atLeast: -0.1 },
            { metric: 'bias', atMost: 0.1 },
          ],
        }).gates,
      ).toHaveLength(2);
    });
  });
});

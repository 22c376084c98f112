import { parseRate } from '../../../../cli/options';
import { type DefaultRateProps, defaultRate } from '../../../../cli/rehearsal/default-rate';
import { describeTraffic } from '../../../../cli/rehearsal/describe-traffic';
import { printRehearsal } from '../../../../cli/rehearsal/print-rehearsal';
import { models } from '../../../../config/models';
import { exampleRehearsal } from '../../local/rehearsal/example-rehearsal';

describe('the outcome of a rehearsal', () => {
  test('names the alarm, what was exposed and what it cost', () => {
    expect(printRehearsal(exampleRehearsal)).toEqual([
      'Version 2, a version that is bad on purpose (errors): rolled back by mlops-local-serving-flight-delay-ErrorRate after 31 s',
      '  version 1 serves on',
      '  traffic   412 requests, 12 failed (500: 12), p99 31 ms; 321 of 400 answers right',
      '  exposure  12 requests, 12 of them failed, on the new version: 0.2 full minutes of traffic of the 1.0 full minutes that the first step may take',
      '  evidence  s3://evidence/releases/local/flight-delay/20260102T031010Z-2.json',
    ]);
  });

  test.each([
    ['released', { outcome: 'released' as const }, ': released after 31 s'],
    ['not known', { outcome: null, why: 'version 2 is on its way' }, ': no outcome yet (version 2 is on its way)'],
    ['another reason', { alarms: [], why: 'no ping' }, ': rolled back not by an alarm (no ping)'],
  ])('says that it is %s', (_, changes, text) => {
    expect(printRehearsal({ ...exampleRehearsal, ...changes })[0]).toContain(text);
  });

  test('leaves out what nobody recorded', () => {
    const lines = printRehearsal({ ...exampleRehearsal, exposure: null, evidence: null });
    expect(lines.join('\n')).not.toMatch(/exposure|evidence/);
  });

  test('says when the machine could not keep the rate', () => {
    expect(describeTraffic({ ...exampleRehearsal.traffic, missed: 3 })).toContain('3 not sent');
    expect(describeTraffic(undefined)).toBe('no request yet');
  });
});

describe('the rate of requests', () => {
  const guards = { ...models['flight-delay'].rollout.guards, minimumRequests: 20 };
  const wrong = { ...guards, predictionShift: { maximumShift: 0.3, minimumSamples: 30 } };
  const canary = { kind: 'canary', percent: 10, bakeMinutes: 10, whenInconclusive: 'proceed' } as const;
  const linear = { kind: 'linear', stepPercent: 20, stepMinutes: 5, whenInconclusive: 'proceed' } as const;

  test.each<[string, DefaultRateProps, number]>([
    ['twice what the guards need', { kind: 'good', rollout: { ...canary, guards }, speed: 60 }, 40],
    ['one at least', { kind: 'slow', rollout: { ...canary, guards }, speed: 1 }, 1],
    [
      'more where samples of the first step are few',
      { kind: 'wrong', rollout: { ...canary, guards: wrong }, speed: 60 },
      60,
    ],
    ['enough for a step of another size', { kind: 'wrong', rollout: { ...linear, guards: wrong }, speed: 30 }, 30],
    [
      'no more where another fault is rehearsed',
      { kind: 'slow', rollout: { ...canary, guards: wrong }, speed: 60 },
      40,
    ],
    [
      'never more than a laptop can do',
      { kind: 'wrong', rollout: { ...canary, percent: 1, guards: wrong }, speed: 60 },
      100,
    ],
    ['one where nothing is watched', { kind: 'wrong', rollout: { kind: 'allAtOnce', guards: wrong }, speed: 1 }, 1],
    [
      'one where a step takes no time',
      { kind: 'wrong', rollout: { ...canary, bakeMinutes: 0, guards: wrong }, speed: 1 },
      1,
    ],
  ])('is %s', (_, props, rate) => {
    expect(defaultRate(props)).toBe(rate);
  });

  test.each([
    ['0.1', 0.1],
    ['1000', 1000],
  ])('takes %s', (text, rate) => {
    expect(parseRate(text)).toBe(rate);
  });

  test.each(['0', '-1', '1000.1', 'NaN', 'many', '', ' '])('refuses %p', (text) => {
    expect(() => parseRate(text)).toThrow(`--rps: must be a number above 0 and at most 1000, got ${text};`);
  });
});

import { parseRate } from '../../../../cli/options';
import { defaultRate } from '../../../../cli/rehearsal/default-rate';
import { describeTraffic } from '../../../../cli/rehearsal/describe-traffic';
import { printRehearsal } from '../../../../cli/rehearsal/print-rehearsal';
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
  test.each([
    [20, 60, 30],
    [20, 1, 1],
    [1, 1, 1],
    [21, 60, 32],
  ])('for %d requests in a minute that goes %d times faster is %d', (minimum, speed, rate) => {
    expect(defaultRate(minimum, speed)).toBe(rate);
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

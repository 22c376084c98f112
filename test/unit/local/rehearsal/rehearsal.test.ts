import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exposureOf } from '../../../../local/rehearsal/exposure';
import { endedAsExpected, keepRehearsal, type Rehearsal, readRehearsals } from '../../../../local/rehearsal/rehearsal';
import type { DeploymentEntry } from '../../../../local/sagemaker/endpoint/deployment-history';
import { exampleRehearsal } from './example-rehearsal';

const entry = (events: DeploymentEntry['events'], plan: DeploymentEntry['plan'] = []): DeploymentEntry => ({
  id: '1',
  fromConfig: 'a',
  toConfig: 'b',
  strategy: 'CANARY',
  alarms: [],
  plan,
  terminationWaitSeconds: 0,
  startTime: '2026-01-01T00:00:00Z',
  outcome: 'RolledBack',
  fired: [],
  events,
  blue: { requests: 90, errors: 0 },
  green: { requests: 10, errors: 7 },
  series: [],
});
const at = (seconds: number, greenPercent: number) => ({
  time: new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString(),
  stage: 'Baking' as const,
  greenPercent,
});

describe('exposure', () => {
  test('is share times time, on the clock of the endpoint', () => {
    const canary = entry([at(0, 0), at(5, 10), at(35, 0)], [{ greenPercent: 10, waitSeconds: 600 }]);
    expect(exposureOf(canary, 1)).toEqual({
      requests: 10,
      failed: 7,
      percentMinutes: 5,
      firstStepPercentMinutes: 100,
    });
    expect(exposureOf(canary, 60).percentMinutes).toBe(300);
  });

  test('adds up the steps, and ends with the last event', () => {
    expect(exposureOf(entry([at(0, 20), at(30, 40), at(60, 100)]), 1).percentMinutes).toBe(30);
  });

  test('is none without events, and never negative', () => {
    expect(exposureOf(entry([]), 60)).toMatchObject({ percentMinutes: 0, firstStepPercentMinutes: 0 });
    expect(exposureOf(entry([at(30, 100), at(0, 0)]), 60).percentMinutes).toBe(0);
  });
});

describe('a rehearsal', () => {
  const traffic = { ...exampleRehearsal.traffic, failed: 0 };
  test.each<[string, Pick<Rehearsal, 'kind' | 'outcome' | 'alarms' | 'traffic'>, boolean]>([
    ['a good one that is released', { kind: 'good', outcome: 'released', alarms: [], traffic }, true],
    [
      'a good one that lost a request',
      { kind: 'good', outcome: 'released', alarms: [], traffic: { ...traffic, failed: 1 } },
      false,
    ],
    [
      'a good one that nobody asked',
      { kind: 'good', outcome: 'released', alarms: [], traffic: { ...traffic, succeeded: 0 } },
      false,
    ],
    ['a good one that went back', { kind: 'good', outcome: 'rolled-back', alarms: ['A'], traffic }, false],
    ['a bad one that an alarm sent back', { kind: 'slow', outcome: 'rolled-back', alarms: ['A'], traffic }, true],
    [
      'a bad one that went back for another reason',
      { kind: 'slow', outcome: 'rolled-back', alarms: [], traffic },
      false,
    ],
    ['a bad one that is released', { kind: 'wrong', outcome: 'released', alarms: [], traffic }, false],
    ['one without an outcome', { kind: 'good', outcome: null, alarms: [], traffic }, false],
  ])('%s', (_, ended, expected) => {
    expect(endedAsExpected(ended)).toBe(expected);
  });
});

describe('the rehearsals that are kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-rehearsals-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are none before the first, and none if the file is damaged', () => {
    expect(readRehearsals(join(folder, 'none.json'))).toEqual([]);
    writeFileSync(join(folder, 'damaged.json'), '[{"kind":"go');
    expect(readRehearsals(join(folder, 'damaged.json'))).toEqual([]);
  });

  test('are the latest first, and at most 50', () => {
    const file = join(folder, 'deep', 'rehearsals.json');
    for (let version = 1; version <= 52; version++) keepRehearsal(file, { ...exampleRehearsal, version });
    const versions = readRehearsals(file).map(({ version }) => version);
    expect(versions).toHaveLength(50);
    expect(versions.slice(0, 2)).toEqual([52, 51]);
  });
});

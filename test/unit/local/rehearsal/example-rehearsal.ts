import type { Rehearsal } from '../../../../local/rehearsal/rehearsal';

/** A bad version that the guard of errors sent back. */
export const exampleRehearsal: Rehearsal = {
  model: 'flight-delay',
  kind: 'errors',
  version: 2,
  from: 1,
  outcome: 'rolled-back',
  why: 'EndpointResource: One or more configured alarm(s) went into ALARM state: [ErrorRate]',
  alarms: ['mlops-local-serving-flight-delay-ErrorRate'],
  expected: true,
  startedAt: '2026-01-02T03:10:00.000Z',
  seconds: 31.4,
  perSecond: 30,
  traffic: {
    sent: 412,
    succeeded: 400,
    failed: 12,
    missed: 0,
    correct: 321,
    failures: { '500': 12 },
    p50Ms: 9.1,
    p99Ms: 31.2,
  },
  exposure: { requests: 12, failed: 12, percentMinutes: 20, firstStepPercentMinutes: 100 },
  deployment: '2026-01-02T03:10:20.000Z',
  evidence: 's3://evidence/releases/local/flight-delay/20260102T031010Z-2.json',
};

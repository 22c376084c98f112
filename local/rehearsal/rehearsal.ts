import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { OUTCOMES } from '../../core/release/release-state';
import { TrafficTotals } from '../traffic/traffic-totals';
import { FAULTS } from './fault';

/** What a release under traffic came to. */
export const Rehearsal = z.strictObject({
  model: z.string(),
  kind: z.enum(['good', ...FAULTS]),
  version: z.int().min(1),
  /** Version that served before. */
  from: z.int().min(1),
  /** Null if it isn't known: the command ended first. */
  outcome: z.enum(OUTCOMES).nullable(),
  /** Why it isn't `released`. */
  why: z.string().nullable(),
  /** Names of the alarms that sent it back. */
  alarms: z.array(z.string()),
  /** Whether it ended as this kind of rehearsal has to. */
  expected: z.boolean(),
  startedAt: z.iso.datetime(),
  seconds: z.number().min(0),
  perSecond: z.number().gt(0),
  traffic: TrafficTotals,
  /** Null if the endpoint kept no record of the deployment. */
  exposure: z
    .strictObject({
      requests: z.int().min(0),
      failed: z.int().min(0),
      percentMinutes: z.number().min(0),
      firstStepPercentMinutes: z.number().min(0),
    })
    .nullable(),
  /** Id in the endpoint's history of deployments. */
  deployment: z.string().nullable(),
  evidence: z.string().nullable(),
});
export type Rehearsal = z.output<typeof Rehearsal>;

const MOST = 50;

/** The latest first. */
export function readRehearsals(file: string): Rehearsal[] {
  try {
    return z.array(Rehearsal).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}

export function keepRehearsal(file: string, rehearsal: Rehearsal): void {
  mkdirSync(dirname(file), { recursive: true });
  const all = [rehearsal, ...readRehearsals(file)].slice(0, MOST);
  writeFileSync(`${file}.draft`, `${JSON.stringify(all, null, 1)}\n`);
  renameSync(`${file}.draft`, file);
}

/** Good versions have to be released without one failed request, bad ones have to go back by themselves. */
export function endedAsExpected({
  kind,
  outcome,
  alarms,
  traffic,
}: Pick<Rehearsal, 'kind' | 'outcome' | 'alarms' | 'traffic'>): boolean {
  if (kind === 'good') return outcome === 'released' && traffic.failed === 0 && traffic.succeeded > 0;
  return outcome === 'rolled-back' && alarms.length > 0;
}

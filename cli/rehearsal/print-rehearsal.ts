import pc from 'picocolors';
import type { Rehearsal } from '../../local/rehearsal/rehearsal';
import { describeTraffic } from './describe-traffic';

/** What a release under traffic came to, as a person reads it. */
export function printRehearsal(rehearsal: Rehearsal): string[] {
  const { kind, version, from, seconds, traffic, exposure, evidence } = rehearsal;
  const what = kind === 'good' ? 'a good version' : `a version that is bad on purpose (${kind})`;
  return [
    pc.bold(`Version ${version}, ${what}: ${describeOutcome(rehearsal)} after ${seconds.toFixed(0)} s`),
    ...(rehearsal.outcome === 'rolled-back' ? [`  version ${from} serves on`] : []),
    `  traffic   ${describeTraffic(traffic)}; ${traffic.correct} of ${traffic.succeeded} answers right`,
    ...(exposure
      ? [
          `  exposure  ${exposure.requests} requests, ${exposure.failed} of them failed, on the new version: ${amount(exposure.percentMinutes)} of traffic${
            kind === 'good' ? '' : ` of the ${amount(exposure.firstStepPercentMinutes)} that the first step may take`
          }`,
        ]
      : []),
    ...(evidence === null ? [] : [`  evidence  ${evidence}`]),
  ];
}

function describeOutcome({ outcome, alarms, why }: Rehearsal): string {
  if (outcome === 'released') return pc.green('released');
  if (outcome === null) return pc.red(`no outcome yet (${why})`);
  const by = alarms.length > 0 ? `by ${alarms.join(', ')}` : `not by an alarm (${why})`;
  return `${outcome === 'rolled-back' ? pc.yellow('rolled back') : pc.red(outcome)} ${by}`;
}

function amount(percentMinutes: number): string {
  return `${(percentMinutes / 100).toFixed(1)} full minutes`;
}

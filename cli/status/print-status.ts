import pc from 'picocolors';
import { describeShift } from '../../core/release/shift/describe-shift';
import type { AlarmsStatus } from './alarms-of';
import type { EnvironmentStatus, UnknownModel } from './environment-status';
import type { LiveVersion, ModelStatus, VariantScale } from './model-status';

/** An environment as a person reads it, at 3 a.m. too. */
export function printStatus({ environment, account, region, fault, models }: EnvironmentStatus): string[] {
  const title = `${pc.bold(environment)}  ${pc.dim(`${account}, ${region}`)}`;
  if (fault !== null) return [`${title}  ${pc.red('not reached:')} ${fault}`];
  return [title, ...models.flatMap((model) => ('fault' in model ? printUnknown(model) : printModel(model)))];
}

function printUnknown({ model, fault }: UnknownModel): string[] {
  return [`  ${model}  ${pc.red('not known:')} ${fault}`];
}

function printModel({ model, endpoint, live, meantToServe, inProgress, shift, variants, alarms }: ModelStatus) {
  const detail = (name: string, text: string) => `    ${name.padEnd(10)} ${text}`;
  const differs = inProgress === null && (live?.version ?? null) !== meantToServe;
  return [
    `  ${pc.bold(model)}  ${describeLive(live)}`,
    detail('endpoint', `${endpoint.name} is ${endpoint.status}${variants.map(describeScale).join('')}`),
    ...(inProgress ? [detail('on its way', describeDecision(inProgress))] : []),
    ...(shift ? [detail('shift', describeShift(shift))] : []),
    ...(differs
      ? [detail('meant', pc.red(`${describeVersion(meantToServe)}, by the release parameter; see release verify`))]
      : []),
    ...describeAlarms(alarms).map((text, index) => detail(index === 0 ? 'alarms' : '', text)),
  ];
}

function describeLive(live: LiveVersion | null): string {
  if (!live) return 'nothing live';
  const { version, modelPackage, since, by, kind } = live;
  const what = version === null ? modelPackage : `version ${version}`;
  return since === null
    ? `${what} live, without a record of its release`
    : `${what} live since ${since.slice(0, 16).replace('T', ' ')} UTC, ${kind} by ${by}`;
}

function describeVersion(version: number | null): string {
  return version === null ? 'nothing' : `version ${version}`;
}

function describeDecision({ version, kind, by, decidedAt }: NonNullable<ModelStatus['inProgress']>): string {
  return `version ${version}, ${kind} by ${by} at ${decidedAt}`;
}

function describeScale({ variant, current, desired, min, max }: VariantScale, _: number, all: readonly unknown[]) {
  const name = all.length > 1 ? `${variant}: ` : '';
  const bounds = min === null ? '' : `, scales from ${min} to ${max}`;
  return current === null ? '' : `, ${name}${current} of ${desired} instances${bounds}`;
}

function describeAlarms({ watched, notOk }: AlarmsStatus): string[] {
  if (watched === 0) return [pc.yellow('none: nothing watches this model')];
  if (notOk.length === 0) return [`${watched}, all quiet`];
  return notOk.map(({ name, state, since, reason }) => {
    const text = `${state} ${name}${since === null ? '' : ` since ${since}`}${reason === null ? '' : `: ${reason}`}`;
    return state === 'ALARM' ? pc.red(text) : pc.yellow(text);
  });
}

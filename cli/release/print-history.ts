import pc from 'picocolors';
import { describeGuard } from '../../core/release/guards/describe-judgement';
import type { HistoryReport, ReleaseLine } from './history-report';
import type { ManifestLine } from './manifests/manifest-lines';
import { versionOf } from './model-versions';

/** The history as a person reads it. */
export function printHistory(report: HistoryReport): string[] {
  const { endpoint, releaseParameter, inProgress, releases, omitted, model, environment } = report;
  const { manifests, omittedManifests } = report;
  const version = (arn: string) => (arn === 'none' ? 'nothing' : `version ${versionOf(arn) ?? arn}`);
  return [
    pc.bold(`${model} in ${environment}`),
    `  live        ${version(endpoint.modelPackage)}, endpoint ${endpoint.name} is ${endpoint.status}`,
    `  meant to be ${version(releaseParameter)}, by the release parameter`,
    ...(inProgress
      ? [
          `  on its way  version ${inProgress.version}, ${inProgress.kind} by ${inProgress.by} at ${inProgress.decidedAt}`,
        ]
      : []),
    ...(releases.length === 0 ? ['  No release has been decided yet.'] : releases.flatMap((line) => printLine(line))),
    ...(omitted > 0 ? [`  … and ${omitted} earlier; --limit ${releases.length + omitted} shows them all`] : []),
    ...(manifests.length === 0 ? [] : ['', pc.bold(`Manifests of ${model} in ${environment}`)]),
    ...manifests.flatMap((line) => printManifest(line)),
    ...(omittedManifests > 0 ? [`  … and ${omittedManifests} earlier`] : []),
  ];
}

const detail = (text: string) => `              ${text}`;

/** What was decided; whether a cluster serves it, only the cluster knows. */
function printManifest({ change, version, step, decidedAt, by, reason, fault, evidence }: ManifestLine): string[] {
  const title = [
    decidedAt ?? '(unreadable record)',
    change ?? '',
    version === null ? '' : `version ${version}`,
    step === null ? '' : `candidate with step ${step}`,
  ];
  return [
    '',
    `  ${title.filter((word) => word !== '').join('  ')}`,
    ...(by === null ? [] : [detail(`by ${by}: ${reason}`)]),
    ...(fault === null ? [] : [detail(pc.red(`NOT TO BE TRUSTED: ${fault}`))]),
    detail(pc.dim(evidence)),
  ];
}

function printLine(line: ReleaseLine) {
  const { version, outcome, kind, decidedAt, by, reason, failure, judgement, notJudged, live, fault, evidence } = line;
  const title = [
    decidedAt ?? '(unreadable record)',
    version === null ? '' : `version ${version}`,
    outcome ?? '',
    live ? pc.green('● live') : '',
  ];
  return [
    '',
    `  ${title.filter((word) => word !== '').join('  ')}`,
    ...(kind === null ? [] : [detail(`${kind} by ${by}: ${reason}`)]),
    ...(failure === null ? [] : [detail(`failure: ${failure}`)]),
    ...(judgement === null
      ? []
      : [
          detail(`guards: ${judgement.verdict}`),
          ...judgement.guards.map((guard) => detail(`  ${describeGuard(guard)}`)),
        ]),
    ...(notJudged === null ? [] : [detail(`guards: not judged: ${notJudged}`)]),
    ...(fault === null ? [] : [detail(pc.red(`NOT TO BE TRUSTED: ${fault}`))]),
    detail(pc.dim(evidence)),
  ];
}

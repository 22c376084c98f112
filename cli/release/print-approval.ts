import pc from 'picocolors';
import { APPROVED_BY } from '../../core/release/aws/model-packages';
import type { ModelPackage } from '../../core/release/ports';
import type { Approval } from './approval';
import type { OpenRelease } from './open-release';
import type { ReleaseResult } from './release-result';

/** A decision about a version as a person reads it, with what it was about. */
export function printApproval({ changed, found }: Approval, { chosen: { model, environmentName } }: OpenRelease) {
  const { approval, changedBy, reason, version } = found;
  const status = approval.toLowerCase();
  const now = changed ? status : `${status} already, nothing was changed`;
  return [
    pc.bold(`Version ${version} of ${model} in ${environmentName} is ${now}`),
    `  by ${changedBy ?? 'unknown'}: ${reason ?? 'without a reason'}`,
    ...facts(found),
  ];
}

/** Metrics and hashes that the pipeline registered the version with. */
function facts({ metadata, metricsUri }: ModelPackage): string[] {
  const known = Object.entries(metadata).filter(([name]) => name !== APPROVED_BY);
  if (metricsUri !== null) known.push(['evaluation', metricsUri]);
  const width = Math.max(0, ...known.map(([name]) => name.length));
  return known.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

/** What `--json` prints of it. */
export function approvalAnswer(
  { changed, found }: Approval,
  { chosen: { model, environmentName } }: OpenRelease,
  release: ReleaseResult | undefined,
) {
  const { arn, version, approval, changedBy, reason, metricsUri, metadata } = found;
  return {
    environment: environmentName,
    model,
    version,
    modelPackage: arn,
    approval,
    changed,
    by: changedBy,
    reason,
    metricsUri,
    metadata,
    release: release ?? null,
  };
}

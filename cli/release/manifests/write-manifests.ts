import { nextReleases } from '../../../config/kubernetes/next-releases';
import { personName } from '../person';
import type { ReleaseCommandContext } from '../release-command-context';
import { toPromote } from '../release-target';
import { keepEvidence } from './keep-evidence';
import { releaseLiterals } from './release-literals';
import { requireStanding } from './require-standing';
import { requireReleaseFile, writeReleaseFile } from './write-release-file';

export interface WriteManifestsOptions {
  readonly env: string;
  readonly by?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/**
 * `mlops release promote --write-manifests`: the release as literal values in the one file that manifests are made from.
 *
 * The decision is sealed as evidence. What serves changes when the file is committed and applied; nothing is released here.
 */
export async function writeManifests(
  model: string,
  text: string | undefined,
  options: WriteManifestsOptions,
  { surroundings, user, open }: ReleaseCommandContext,
): Promise<void> {
  const { out, repository } = surroundings;
  const by = personName(options.by, user);
  const { reason = 'promoted by hand' } = options;
  await open({ env: options.env, model, toChange: false }, async (opened) => {
    const { chosen, api } = opened;
    requireReleaseFile(chosen, repository);
    const target = await toPromote(opened, text);
    const literals = await releaseLiterals(api, target, chosen);
    await requireStanding(opened, target, literals);
    const { environmentName: environment, spec } = chosen;
    const change = await writeReleaseFile(chosen, repository, {
      next: (current, { engine }) => nextReleases(current, literals, { engine, mode: spec.serving.mode }),
      before: (planned) => keepEvidence({ change: 'release', by, reason, arn: target.arn }, planned, opened),
    });
    const { version } = target;
    if (options.json) {
      const { file, changed, releases, evidence } = change;
      out.line(JSON.stringify({ environment, model, version, file, changed, releases, evidence }, null, 2));
    } else if (change.changed) {
      const what = change.releases.candidate ? 'the candidate' : 'the stable release';
      out.line(
        `Version ${version} of ${model} is ${what} in ${change.file}. Commit it; npm run charts makes manifests of it.`,
      );
    } else out.line(`Version ${version} of ${model} stands in ${change.file} already.`);
  });
}

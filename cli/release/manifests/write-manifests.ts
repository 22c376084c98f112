import type { ReleaseCommandContext } from '../release-command-context';
import { toPromote } from '../release-target';
import { releaseLiterals } from './release-literals';
import { requireReleaseFile, writeReleaseFile } from './write-release-file';

export interface WriteManifestsOptions {
  readonly env: string;
  readonly json?: boolean;
}

/**
 * `mlops release promote --write-manifests`: the release as literal values in the one file that manifests are made from.
 * What serves changes when that is committed and applied; nothing is released here.
 */
export async function writeManifests(
  model: string,
  text: string | undefined,
  options: WriteManifestsOptions,
  { surroundings, open }: ReleaseCommandContext,
): Promise<void> {
  const { out, repository } = surroundings;
  await open({ env: options.env, model, toChange: false }, async (opened) => {
    const { chosen, api } = opened;
    requireReleaseFile(chosen, repository);
    const target = await toPromote(opened, text);
    const change = writeReleaseFile(chosen, await releaseLiterals(api, target), repository);
    const { environmentName: environment } = chosen;
    const { version } = target;
    if (options.json) {
      out.line(JSON.stringify({ environment, model, version, ...change }, null, 2));
    } else if (change.changed) {
      const what = change.releases.candidate ? 'the candidate' : 'the stable release';
      out.line(
        `Version ${version} of ${model} is ${what} in ${change.file}. Commit it; npm run charts makes manifests of it.`,
      );
    } else out.line(`Version ${version} of ${model} stands in ${change.file} already.`);
  });
}

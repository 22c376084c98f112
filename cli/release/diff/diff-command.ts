import type { Command } from 'commander';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { describeChoice, findVersion, type ModelVersion, modelVersions, versionOf } from '../model-versions';
import type { OpenRelease } from '../open-release';
import type { ReleaseCommandContext } from '../release-command-context';
import { compareVersions } from './compare-versions';
import { type Diff, printDiff } from './print-diff';
import { versionFacts } from './version-facts';

interface Options {
  readonly env: string;
  readonly json?: boolean;
}

/** `mlops release diff`. */
export function diffCommand(release: Command, { open, surroundings: { out } }: ReleaseCommandContext): void {
  release
    .command('diff <model> [version] [other]')
    .description(
      'what changes from one version to another (default: from the live one to the newest): metrics, data, code, image',
    )
    .option('--env <name>', 'environment', 'local')
    .option('--json', 'print it as JSON')
    .action(async (model: string, a: string | undefined, b: string | undefined, { env, json }: Options) => {
      const diff = await open({ env, model, toChange: false }, (opened) => readDiff(opened, a, b));
      if (json) out.line(JSON.stringify(diff, null, 2));
      else for (const line of printDiff(diff)) out.line(line);
    });
}

async function readDiff(opened: OpenRelease, a: string | undefined, b: string | undefined): Promise<Diff> {
  const { api, chosen, ports } = opened;
  const [versions, live] = await Promise.all([modelVersions(api, chosen), ports.endpoint.live()]);
  const liveVersion = versionOf(live.modelPackage);
  const { from, to } = choosePair(versions, liveVersion, a, b);
  const [before, after] = await Promise.all([versionFacts(api, from), versionFacts(api, to)]);
  const { environmentName: environment, model } = chosen;
  const comparison = compareVersions(before, after);
  return { environment, model, live: liveVersion, from: before, to: after, comparison };
}

/** @throws InvalidInputError if a version doesn't exist, or there is nothing to compare with */
function choosePair(
  versions: readonly ModelVersion[],
  live: number | null,
  a: string | undefined,
  b: string | undefined,
): { readonly from: ModelVersion; readonly to: ModelVersion } {
  if (a !== undefined && b !== undefined) return { from: findVersion(versions, a), to: findVersion(versions, b) };
  const serving = versions.find(({ version }) => version === live);
  if (!serving) {
    throw new InvalidInputError(
      'VERSION',
      'nothing serves to compare with, got fewer than two versions',
      describeChoice(versions),
    );
  }
  if (a !== undefined) return { from: serving, to: findVersion(versions, a) };
  const newest = versions.find(({ version }) => version !== live);
  if (newest) return { from: serving, to: newest };
  throw new InvalidInputError(
    'VERSION',
    'there is no other version to compare with, got only the live one',
    describeChoice([]),
  );
}

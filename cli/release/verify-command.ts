import type { Command } from 'commander';
import { NO_RELEASE } from '../../core/names';
import { verifyRelease } from '../../core/release/verify';
import { versionOf } from './model-versions';
import type { ReleaseCommandContext } from './release-command-context';

interface Options {
  readonly env: string;
  readonly json?: boolean;
}

/** `mlops release verify`: what serves against what is meant to. */
export function verifyCommand(release: Command, { open, surroundings: { out } }: ReleaseCommandContext): void {
  release
    .command('verify <model>')
    .description(
      'compare what serves with the last verified release and the release parameter; exit code 1 if not equal',
    )
    .option('--env <name>', 'environment', 'local')
    .option('--json', 'print it as JSON')
    .action(async (model: string, { env, json }: Options) => {
      const { verification, inProgress } = await open({ env, model, toChange: false }, async ({ ports }) => {
        const found = await verifyRelease(ports);
        const held = await ports.state.load();
        return { verification: found, inProgress: held !== undefined && !held.state.settled };
      });
      const { release: expected, mismatches } = verification;
      const version = versionOf(expected);
      if (json) {
        out.line(JSON.stringify({ environment: env, model, version, ...verification, inProgress }, null, 2));
      }
      if (mismatches.length > 0) {
        throw new Error(
          `${model} in ${env}: does not serve what it is meant to, got ${mismatches.join('; ')}; see npx mlops release history ${model} --env ${env}`,
        );
      }
      if (!json) out.line(`${model} in ${env}: ${describe(expected, version, inProgress)}`);
    });
}

function describe(expected: string, version: number | null, inProgress: boolean): string {
  const what = expected === NO_RELEASE ? 'no release' : version === null ? expected : `version ${version}`;
  return inProgress
    ? `a release is on its way from ${what}: nothing to compare before it has its outcome`
    : `${what} is meant to serve, and does`;
}

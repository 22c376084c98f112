import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './command';

export interface DocumentedCommand {
  readonly file: string;
  readonly command: string;
  /** It doesn't say that it needs something that a fresh clone doesn't have. */
  readonly runsHere: boolean;
  readonly failsOnPurpose: boolean;
}

const NEEDS = /needs (an account|a cluster|a container engine|uv|the environment of npm test)/;

/** Every command in the shell blocks of the README, the guides and the runbooks. */
export function documentedCommands(): DocumentedCommand[] {
  const guides = ['guide', 'runbooks'].flatMap((folder) =>
    readdirSync(join(REPOSITORY, 'docs', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', folder, name)),
  );
  return ['README.md', ...guides].flatMap((file) =>
    [...readFileSync(join(REPOSITORY, file), 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) =>
      block
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('#'))
        .map((line) => {
          const [command = '', comment = ''] = line.split(/\s+#\s/);
          return {
            file,
            command: command.trim(),
            runsHere: !NEEDS.test(comment),
            failsOnPurpose: comment.includes('fails on purpose'),
          };
        }),
    ),
  );
}

/** Each of the commands that run here once, however many pages have it: it finds the same state and does the same. */
export function commandsToRun(): readonly (DocumentedCommand & { readonly files: string })[] {
  const runnable = documentedCommands().filter(({ command, runsHere }) => runsHere && !(command in RUN_ELSEWHERE));
  const alike = (one: DocumentedCommand) => (other: DocumentedCommand) =>
    other.command === one.command && other.failsOnPurpose === one.failsOnPurpose;
  return runnable
    .filter((each, at) => runnable.findIndex(alike(each)) === at)
    .map((each) => {
      const files = new Set(runnable.filter(alike(each)).map(({ file }) => file));
      return { ...each, files: [...files].join(', ') };
    });
}

/** Commands that are run elsewhere, and where. */
export const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'npm ci': '.ci/run',
  'npm run local': 'the first and the second run of this suite',
  'npx mlops local release': 'test/rehearsal/releases.test.ts',
  'npx mlops local release --bad errors': 'test/rehearsal/releases.test.ts',
  'npx mlops local release --bad slow': 'test/rehearsal/releases.test.ts',
  'npx mlops local release --bad wrong': 'test/rehearsal/releases.test.ts',
  'npx mlops local down': 'the last test of this suite',
};

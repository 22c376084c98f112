import type { Metafile } from 'esbuild';
import { metafileOf } from '../metafile';

/** Packages that are loaded with `entry`, before any command runs. */
function loadedWith(entry: string): readonly string[] {
  const { outputs } = metafileOf(entry);
  const first = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry)?.[0] ?? '';
  return [...packages(first, outputs, new Set())].filter((path) => !path.startsWith('node:')).sort();
}

function packages(output: string, outputs: Metafile['outputs'], seen: Set<string>): ReadonlySet<string> {
  for (const { path, kind, external } of outputs[output]?.imports ?? []) {
    if (kind === 'dynamic-import' || seen.has(path)) continue;
    if (external) seen.add(path);
    else packages(path, outputs, seen);
  }
  return seen;
}

describe('the start of the command line', () => {
  test('loads no SDK, no schema of an API and no renderer: commands load what they need when they run', () => {
    expect(loadedWith('cli/program.ts')).toEqual(['commander', 'picocolors', 'zod']);
  });
});

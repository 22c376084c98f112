import type { Command } from 'commander';
import type { ModelSpec } from '../../config/model-spec';
import { chooseEnvironment } from '../model-argument';
import type { Surroundings } from '../output';

/** `mlops config check` and `mlops config show`. */
export function configCommands(program: Command, { out }: Surroundings): void {
  const config = program.command('config').description('check and show config/models.ts and config/environments.ts');

  config
    .command('check')
    .description('parse both files and name every mistake')
    .option('--json', 'print what was found as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { models } = await import('../../config/models');
      const { environments } = await import('../../config/environments');
      const found = { models: Object.keys(models), environments: Object.keys(environments) };
      if (json) out.line(JSON.stringify(found, null, 2));
      else {
        out.line(`config/models.ts: ${found.models.length} models (${found.models.join(', ')})`);
        out.line(
          `config/environments.ts: ${found.environments.length} environments (${found.environments.join(', ')})`,
        );
      }
    });

  config
    .command('show <environment>')
    .description('print an environment and its models with every default filled in')
    .option('--json', 'print it as JSON')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const environment = await chooseEnvironment(name);
      const { models } = await import('../../config/models');
      const specs: Readonly<Record<string, ModelSpec>> = models;
      const shown = {
        name,
        ...environment,
        models: Object.fromEntries(environment.models.map((model) => [model, specs[model]])),
      };
      if (json) out.line(JSON.stringify(shown, null, 2));
      else for (const line of flatten(shown)) out.line(line);
    });
}

/** One line a value, under its path: easy to read and to search. */
function flatten(value: unknown, path = ''): string[] {
  if (
    typeof value !== 'object' ||
    value === null ||
    (Array.isArray(value) && value.every((entry) => typeof entry !== 'object'))
  ) {
    return [`${path.padEnd(56)} ${Array.isArray(value) ? value.join(', ') || '(none)' : String(value)}`];
  }
  return Object.entries(value).flatMap(([key, entry]) => flatten(entry, path ? `${path}.${key}` : key));
}

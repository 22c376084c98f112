import { Command } from 'commander';
import { assignCommand } from '../../../../cli/release/assign-command';
import type { OpenRelease } from '../../../../cli/release/open-release';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import type { ReleasePorts } from '../../../../core/release/ports';
import { environment, model } from '../../config/smallest';
import { surroundings } from '../surroundings';
import { FakeAccount, MODEL, packageArn, release } from './fake-account';

const models = defineModels({
  [MODEL]: model({
    serving: { mode: 'multi-variant', weight: 9, challengers: [{ name: 'challenger', weight: 1 }] },
  }),
});
const { dev } = defineEnvironments(models, { dev: environment([MODEL]) });

interface Outcome {
  readonly lines: readonly string[];
  readonly error: unknown;
  readonly parameter: string;
  /** Names of the records that were kept. */
  readonly kept: readonly string[];
}

/** Runs the command against an account whose stack ends updates as given, after a nap. */
async function assign(status: string, ...args: string[]): Promise<Outcome> {
  const account = new FakeAccount().register('Approved', 'Approved');
  const recorded = surroundings();
  let parameter = 'none';
  let naps = 0;
  const { ports } = account;
  const stack: ReleasePorts['stack'] = {
    ...ports.stack,
    update: async () => ({ kind: 'started' }),
    operation: async () => ({ status: naps > 0 ? status : 'UPDATE_IN_PROGRESS', failure: 'alarm ErrorRate went off' }),
  };
  const opened = {
    chosen: { environmentName: 'dev', environment: dev, model: MODEL, spec: models[MODEL] },
    api: {
      sageMaker: account.sageMaker,
      ssm: {
        getParameter: async () => ({ Parameter: { Value: parameter } }),
        putParameter: async ({ Name, Value }: { Name: string; Value: string }) => {
          expect(Name).toBe(`/mlops/dev/${MODEL}/variants/challenger/release`);
          parameter = Value;
        },
      },
    },
    ports: { ...ports, stack },
    evidence: {},
  } as unknown as OpenRelease;
  const program = new Command('mlops');
  assignCommand(program.command('release'), {
    surroundings: recorded,
    sleep: async () => void (naps += 1),
    user: () => 'ada',
    open: (_, work) => work(opened),
  });
  const error = await program
    .parseAsync(['release', 'assign', MODEL, ...args], { from: 'user' })
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  const kept = [...account.aws.objects.keys()].map((key) => key.slice(key.lastIndexOf('Z-') + 2));
  return { lines: recorded.lines, error, parameter, kept };
}

const challenger = ['--variant', 'challenger', '--env', 'dev'];

describe('assign', () => {
  test('lets a challenger serve an approved version, once the stack is updated', async () => {
    expect(await assign('UPDATE_COMPLETE', '2', ...challenger)).toEqual({
      lines: [`challenger of ${MODEL} in dev serves version 2`],
      error: undefined,
      parameter: packageArn(2),
      kept: ['started.json', 'serves.json'],
    });
  });

  test('takes its version away again', async () => {
    const { lines, parameter } = await assign('UPDATE_COMPLETE', 'none', ...challenger);
    expect(lines).toEqual([`challenger of ${MODEL} in dev serves no version of its own`]);
    expect(parameter).toBe('none');
  });

  test('leaves once it is on its way where nobody waits, and says so as JSON', async () => {
    const { lines } = await assign('UPDATE_COMPLETE', '2', ...challenger, '--no-wait', '--json');
    expect(JSON.parse(lines.join('\n'))).toEqual({
      environment: 'dev',
      model: MODEL,
      variant: 'challenger',
      version: 2,
      ended: false,
    });
  });

  test('puts the parameter back when the update goes back, and says why it did', async () => {
    const { error, parameter, kept } = await assign('UPDATE_ROLLBACK_COMPLETE', '2', ...challenger);
    expect(kept).toEqual(['started.json', 'rolled-back.json']);
    expect(String(error)).toContain('the stack is UPDATE_ROLLBACK_COMPLETE: alarm ErrorRate went off');
    expect(parameter).toBe('none');
  });

  test('refuses a variant that the model has not got, naming those that it has', async () => {
    const { error } = await assign('UPDATE_COMPLETE', '2', '--variant', 'shadow');
    expect(String(error)).toContain('got shadow; choose from challenger');
  });

  test('refuses a model that serves one version only', async () => {
    const { error } = await release(new FakeAccount().register('Approved'), 'assign', MODEL, '1', '--variant', 'b');
    expect(String(error)).toContain('got b; serve it by multi-variant or shadow in config/models.ts');
  });
});

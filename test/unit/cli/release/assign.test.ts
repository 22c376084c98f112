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
  readonly notes: readonly string[];
  readonly error: unknown;
  readonly parameter: string;
  /** Names of the records that were kept. */
  readonly kept: readonly string[];
}

/** What somebody else assigns during the nap, if anybody does. */
let meanwhile: string | undefined;
afterEach(() => {
  meanwhile = undefined;
});

/** Runs the command against an account whose stack ends updates as given, after a nap. */
async function assign(status: string, ...args: string[]): Promise<Outcome> {
  return assignIn(new FakeAccount().register('Approved', 'Approved'), 'none', status, ...args);
}

async function assignIn(account: FakeAccount, before: string, status: string, ...args: string[]): Promise<Outcome> {
  const recorded = surroundings();
  let parameter = before;
  let naps = 0;
  const { ports } = account;
  const stack: ReleasePorts['stack'] = {
    ...ports.stack,
    update: async () => ({ kind: 'started' }),
    operation: async () => ({ status: stateOf(status, naps), failure: 'alarm ErrorRate went off' }),
  };
  const opened = {
    chosen: { environmentName: 'dev', environment: dev, model: MODEL, spec: models[MODEL] },
    api: {
      sageMaker: account.sageMaker,
      s3: account.s3,
      ssm: {
        getParameter: async () => ({ Parameter: { Value: parameter } }),
        putParameter: async ({ Name, Value }: { Name: string; Value: string }) => {
          expect(Name).toBe(`/mlops/dev/${MODEL}/variants/challenger/release`);
          parameter = Value;
        },
      },
    },
    ports: { ...ports, stack },
    evidence: { api: account, bucket: 'evidence', environment: 'dev', model: MODEL },
  } as unknown as OpenRelease;
  const program = new Command('mlops');
  assignCommand(program.command('release'), {
    surroundings: recorded,
    sleep: async () => {
      naps += 1;
      parameter = meanwhile ?? parameter;
    },
    user: () => 'ada',
    open: (_, work) => work(opened),
  });
  const error = await program
    .parseAsync(['release', 'assign', MODEL, ...args], { from: 'user' })
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  const kept = [...account.aws.objects.keys()].map((key) => key.slice(key.lastIndexOf('Z-') + 2));
  return { lines: recorded.lines, notes: recorded.notes, error, parameter, kept };
}

/** What the stack is: as given after a nap, or at once. */
function stateOf(status: string, naps: number): string {
  const [state = '', ...atOnce] = status.split(' ');
  return naps > 0 || atOnce.length > 0 ? state : 'UPDATE_IN_PROGRESS';
}

const challenger = ['--variant', 'challenger', '--env', 'dev'];

describe('assign', () => {
  test('lets a challenger serve an approved version, once the stack is updated', async () => {
    expect(await assign('UPDATE_COMPLETE', '2', ...challenger)).toEqual({
      lines: [`challenger of ${MODEL} in dev serves version 2`],
      notes: expect.anything() as string[],
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

  test.each([
    ['UPDATE_COMPLETE', packageArn(2), 'serves', 'serves; recorded now'],
    ['UPDATE_ROLLBACK_COMPLETE', 'none', 'rolled-back', 'alarm ErrorRate went off; recorded now'],
  ])('records %s of an assignment that nobody waited for with the next one', async (status, value, outcome, news) => {
    const account = new FakeAccount().register('Approved', 'Approved');
    const first = await assignIn(account, 'none', 'UPDATE_IN_PROGRESS', '2', ...challenger, '--no-wait');
    expect(first.kept).toEqual(['started.json']);
    expect(first.notes).toContain(
      'how it ends is recorded by the stack, when it has ended or within the hour, or by the next release assign',
    );
    const next = await assignIn(account, first.parameter, 'UPDATE_IN_PROGRESS', '9', ...challenger, '--no-wait');
    expect(next.kept).toEqual(['started.json']);
    const ended = await assignIn(account, first.parameter, `${status} at once`, '9', ...challenger, '--no-wait');
    expect(ended.kept).toEqual(['started.json', `${outcome}.json`]);
    expect(ended.parameter).toBe(value);
    expect(ended.notes.join()).toContain(news);
  });

  test('puts the parameter back when the update goes back, and says why it did', async () => {
    const { error, parameter, kept } = await assign('UPDATE_ROLLBACK_COMPLETE', '2', ...challenger);
    expect(kept).toEqual(['started.json', 'rolled-back.json']);
    expect(String(error)).toContain('the stack is UPDATE_ROLLBACK_COMPLETE: alarm ErrorRate went off');
    expect(parameter).toBe('none');
  });

  test('leaves what somebody else has assigned since, though its own update went back', async () => {
    meanwhile = packageArn(1);
    const { error, parameter, kept } = await assign('UPDATE_ROLLBACK_COMPLETE', '2', ...challenger);
    expect(kept).toEqual(['started.json', 'rolled-back.json']);
    expect(String(error)).toContain('the stack is UPDATE_ROLLBACK_COMPLETE');
    expect(parameter).toBe(packageArn(1));
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

import { Command } from 'commander';
import { statusCommand } from '../../../../cli/commands/status';
import { EXIT, exitCodeOf } from '../../../../cli/exit-code';
import type { Connect } from '../../../../cli/release/connect';
import { modelOfAlarm } from '../../../../cli/status/alarms-of';
import type { EnvironmentStatus } from '../../../../cli/status/environment-status';
import type { ModelStatus } from '../../../../cli/status/model-status';
import { FakeAccount, fail, packageArn, type Ran } from '../release/fake-account';
import { surroundings } from '../surroundings';

const never = () => new Promise<never>(() => undefined);

/** Runs `mlops status …`; environments other than dev have no credentials. */
async function status(account: FakeAccount, words: string[], options: { connect?: Connect; tooLate?: boolean } = {}) {
  const recorded = { ...surroundings(), now: () => new Date(account.aws.time) };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const connect: Connect = async (chosen) =>
    chosen.environmentName === 'dev' ? account : fail('CredentialsProviderError', 'Could not load credentials')();
  statusCommand(program, recorded, { connect, sleep: options.tooLate ? async () => undefined : never, ...options });
  const error = await program
    .parseAsync(['status', ...words], { from: 'user' })
    .then(() => undefined)
    .catch((thrown: Error) => thrown);
  return { lines: recorded.lines, notes: recorded.notes, text: recorded.lines.join('\n'), error } satisfies Ran;
}

async function ofDev(account: FakeAccount): Promise<ModelStatus> {
  const { lines, error } = await status(account, ['dev', '--json']);
  expect(error).toBeUndefined();
  const { environments } = JSON.parse(lines[0] ?? '') as { environments: EnvironmentStatus[] };
  expect(environments.map(({ environment }) => environment)).toEqual(['dev']);
  return environments[0]?.models[0] as ModelStatus;
}

function withVersion1Live(): Promise<FakeAccount> {
  return new FakeAccount().register('Approved', 'Approved').released(1);
}

describe('status', () => {
  test('says which version serves, since when and by whom', async () => {
    const account = await withVersion1Live();
    expect(await ofDev(account)).toEqual({
      model: 'flight-delay',
      endpoint: { name: 'dev-flight-delay', status: 'InService' },
      live: {
        version: 1,
        modelPackage: packageArn(1),
        since: '2026-03-01T12:00:01.000Z',
        by: 'bob',
        kind: 'approval',
      },
      meantToServe: 1,
      inProgress: null,
      shift: null,
      variants: [],
      alarms: { watched: 0, notOk: [] },
    });
    expect((await status(account, ['dev'])).text).toBe(
      [
        'dev  111111111111, eu-west-1',
        '  flight-delay  version 1 live since 2026-03-01 12:00 UTC, approval by bob',
        '    endpoint   dev-flight-delay is InService',
        '    alarms     none: nothing watches this model',
      ].join('\n'),
    );
  });

  test('before the first release says that nothing is live', async () => {
    expect(await ofDev(new FakeAccount())).toMatchObject({
      live: null,
      meantToServe: null,
      endpoint: { status: 'Missing' },
    });
    expect((await status(new FakeAccount(), ['dev'])).text).toContain('  flight-delay  nothing live');
  });

  test('skips releases that were rolled back when it looks for the one that serves', async () => {
    const account = await withVersion1Live();
    account.aws.fate = 'rolls-back';
    await account.release(2);
    expect((await ofDev(account)).live).toMatchObject({ version: 1, since: '2026-03-01T12:00:01.000Z' });
  });

  test('says so when no record tells of the version that serves', async () => {
    const account = await withVersion1Live();
    account.aws.served = packageArn(2);
    expect((await ofDev(account)).live).toMatchObject({ version: 2, since: null, by: null });
    const { text } = await status(account, ['dev']);
    expect(text).toContain('version 2 live, without a record of its release');
    expect(text).toContain('    meant      version 1, by the release parameter; see release verify');
  });

  test('shows a release on its way, and how far it has come', async () => {
    const account = await withVersion1Live();
    await account.begin(2);
    account.endpoint = {
      EndpointStatus: 'Updating',
      PendingDeploymentSummary: {
        EndpointConfigName: 'config-2',
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            DesiredInstanceCount: 2,
            VariantStatus: [
              {
                Status: 'Baking',
                StatusMessage: 'Baking for 60 seconds with traffic enabled on canary capacity of 1 instance(s).',
                StartTime: new Date(account.aws.time),
              },
            ],
          },
        ],
      },
    };
    const { text } = await status(account, ['dev']);
    expect(text).toContain('    on its way version 2, approval by bob at 2026-03-01T12:01:01Z');
    expect(text).toContain('    shift      Baking, 50 % of the traffic on the new fleet, 1:00 left');
    expect(text).not.toContain('meant');
  });

  test('shows instances and the bounds of their scaling', async () => {
    const account = await withVersion1Live();
    account.endpoint = {
      ProductionVariants: [
        { VariantName: 'AllTraffic', CurrentInstanceCount: 0, DesiredInstanceCount: 3 },
        { VariantName: 'Challenger' },
      ],
    };
    account.scalableTargets = [
      { ResourceId: 'endpoint/dev-flight-delay/variant/AllTraffic', MinCapacity: 0, MaxCapacity: 4 },
    ];
    expect((await ofDev(account)).variants).toEqual([
      { variant: 'AllTraffic', current: 0, desired: 3, min: 0, max: 4 },
      { variant: 'Challenger', current: null, desired: null, min: null, max: null },
    ]);
    expect((await status(account, ['dev'])).text).toContain('AllTraffic: 0 of 3 instances, scales from 0 to 4');
  });

  test('names the alarms that went off or cannot judge, those that went off first, from every page', async () => {
    const account = await withVersion1Live();
    const alarm = (name: string, StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA') => ({
      AlarmName: `mlops-dev-serving-${name}`,
      StateValue,
      StateReason: 'Threshold Crossed',
      StateUpdatedTimestamp: new Date('2026-03-01T11:00:00Z'),
    });
    account.alarms = [
      alarm('flight-delay-Latency', 'OK'),
      alarm('flight-delay-Drift', 'INSUFFICIENT_DATA'),
      alarm('other-ErrorRate', 'ALARM'),
      alarm('flight-delay-ErrorRate', 'ALARM'),
    ];
    const { alarms } = await ofDev(account);
    expect(alarms.watched).toBe(3);
    expect(alarms.notOk.map(({ name, state }) => [name, state])).toEqual([
      ['mlops-dev-serving-flight-delay-ErrorRate', 'ALARM'],
      ['mlops-dev-serving-flight-delay-Drift', 'INSUFFICIENT_DATA'],
    ]);
    expect((await status(account, ['dev'])).text).toContain(
      'ALARM mlops-dev-serving-flight-delay-ErrorRate since 2026-03-01T11:00:00.000Z: Threshold Crossed',
    );
  });
});

describe('status of environments that can not be reached', () => {
  test('is a line with the reason each, beside those that can, and the command fails', async () => {
    const { lines, error } = await status(await withVersion1Live(), []);
    expect(exitCodeOf(error)).toBe(EXIT.failed);
    expect(error?.message).toMatch(/^mlops status: could not see everything, got nothing of local, staging, prod;/);
    const missing = lines.filter((line) => line.includes('not reached:'));
    expect(missing).toHaveLength(3);
    expect(missing[1]).toBe(
      'staging  222222222222, eu-west-1  not reached: --env staging: needs AWS credentials of account 222222222222, got Could not load credentials; set AWS_PROFILE, or log in with aws sso login',
    );
    expect(lines).toContain('dev  111111111111, eu-west-1');
  });

  test('gives up on one that does not answer', async () => {
    const { text, error } = await status(new FakeAccount(), ['dev'], { connect: never, tooLate: true });
    expect(text).toContain('has to answer within 20 s, got nothing');
    expect(exitCodeOf(error)).toBe(EXIT.failed);
  });

  test('says what is broken in an environment that answers', async () => {
    const account = await withVersion1Live();
    account.aws.objects.set('releases/dev/flight-delay/state.json', { body: '{', etag: '1' });
    const { text, error } = await status(account, ['dev']);
    expect(text).toContain('must be JSON, got "{"');
    expect(exitCodeOf(error)).toBe(EXIT.failed);
  });

  test('of a name that does not exist is wrong input', async () => {
    const { error } = await status(new FakeAccount(), ['nowhere']);
    expect(exitCodeOf(error)).toBe(EXIT.invalidInput);
  });
});

describe('the model of an alarm', () => {
  test.each([
    ['mlops-dev-serving-churn-ErrorRate1A', 'churn'],
    ['mlops-dev-monitoring-churn-Drift', 'churn'],
    ['mlops-dev-serving-churn-2-ErrorRate1A', 'churn-2'],
    ['mlops-dev-serving-churn', undefined],
    ['mlops-dev-serving-churning-Latency', undefined],
    ['mlops-dev-network-Flow', undefined],
    ['TargetTracking-endpoint/dev-churn/variant/AllTraffic-AlarmHigh', undefined],
    ['mlops-dev-', undefined],
  ])('%s is %s', (name, model) => {
    expect(modelOfAlarm(name, 'mlops-dev-', ['churn', 'churn-2'])).toBe(model);
  });
});

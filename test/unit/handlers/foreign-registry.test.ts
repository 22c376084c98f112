import { createHandler } from '../../../handlers/model-package-state-change/handler';
import type { Settings } from '../../../handlers/settings';
import { approval, batch, handlerFixture } from './handler-fixture';

const REGISTRY = '222222222222';
const arnOf = (version: number, { account = REGISTRY, group = 'staging-churn' } = {}) =>
  `arn:aws:sagemaker:eu-west-1:${account}:model-package/${group}/${version}`;

interface Origin {
  readonly account?: string;
  readonly arn?: string;
  readonly group?: string;
}

/** The event of an approval in the registry of staging, as its forwarding leaves it. */
function approved(version: number, { account = REGISTRY, arn = arnOf(version), group = 'staging-churn' }: Origin = {}) {
  const event = approval(version) as { detail: object };
  return { ...event, account, detail: { ...event.detail, ModelPackageArn: arn, ModelPackageGroupName: group } };
}

/** The handler of `dev`, whose releases come from the registry of staging, and who has said yes there to version 1. */
function fixture(policy: Partial<Settings> = {}) {
  const made = handlerFixture({ REGISTRY_ENVIRONMENT: 'staging', REGISTRY_ACCOUNT: REGISTRY, ...policy });
  made.aws.approvals.set(arnOf(1), 'Approved');
  return { ...made, handle: createHandler(made.props) };
}

describe("the handler of approvals in another account's registry", () => {
  test('tells people that they may release the version, and releases nothing', async () => {
    const { aws, logged, published, handle } = fixture();
    expect(await handle(batch(approved(1)))).toEqual({ batchItemFailures: [] });
    expect(aws.updates).toEqual([]);
    expect(published).toEqual([
      expect.objectContaining({
        Subject: 'churn 1 can be released in dev',
        Message: expect.stringMatching(
          /^version 1 was approved in staging by arn:aws:sts::.+ada: beats the champion\n\nRelease it with: npx mlops release promote churn 1 --env dev/,
        ),
      }),
    ]);
    expect(logged).toEqual([expect.objectContaining({ kind: 'offered' })]);
  });

  test('releases it at once where the environment asks nobody', async () => {
    const { aws, published, handle } = fixture({ APPROVAL_PEOPLE: 0 });
    await handle(batch(approved(1)));
    expect(aws.updates).toEqual([arnOf(1)]);
    expect(published).toEqual([]);
  });

  test('tells nobody of a version that was rejected meanwhile, or is gone', async () => {
    const { aws, logged, published, handle } = fixture();
    aws.approvals.set(arnOf(1), 'Rejected');
    await handle(batch(approved(1), approved(2)));
    expect(published).toEqual([]);
    expect(logged).toEqual([
      expect.objectContaining({ kind: 'withdrawn', why: 'version 1 is Rejected' }),
      expect.objectContaining({ kind: 'withdrawn', why: 'version 2 is not in the registry any more' }),
    ]);
  });

  test('tells nobody of the version that serves', async () => {
    const { aws, published, props } = fixture({ APPROVAL_PEOPLE: 0 });
    await createHandler(props)(batch(approved(1)));
    aws.endUpdate();
    const { 'releases/dev/churn/state.json': state } = Object.fromEntries(aws.objects);
    aws.objects.set('releases/dev/churn/state.json', {
      etag: state?.etag ?? '',
      body: JSON.stringify({ ...JSON.parse(state?.body ?? ''), settled: true, outcome: 'released', live: arnOf(1) }),
    });
    await createHandler({ ...props, settings: { ...props.settings, APPROVAL_PEOPLE: 1 } })(batch(approved(1)));
    expect(published).toEqual([]);
  });

  test.each<[string, Origin]>([
    ['of a third account', { account: '999999999999' }],
    ['about a package of a third account', { arn: arnOf(1, { account: '999999999999' }) }],
    ['about a package of its own account', { arn: arnOf(1, { account: '111111111111' }) }],
    ['about a package of another group', { arn: arnOf(1, { group: 'staging-credit' }) }],
    ['about a group whose name only begins the same', { arn: arnOf(1, { group: 'staging-churn-2' }) }],
    ['that names another group than its package', { group: 'staging-credit' }],
    ['about something else than a version', { arn: arnOf(1).replace('/1', '') }],
  ])('has an event %s end among the dead letters', async (_, origin) => {
    const { aws, logged, published, handle } = fixture({ APPROVAL_PEOPLE: 0 });
    aws.approvals.set(origin.arn ?? arnOf(1), 'Approved');
    expect((await handle(batch(approved(1, origin)))).batchItemFailures).toHaveLength(1);
    expect(aws.updates).toEqual([]);
    expect(published).toEqual([]);
    expect(logged).toEqual([
      expect.objectContaining({
        level: 'error',
        error: expect.stringMatching(
          /must be a version of staging-churn in account 222222222222, got an event that isn't/,
        ),
      }),
    ]);
  });
});

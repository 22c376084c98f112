import { recordAssignment } from '../../../core/release/assign-variant';
import { createHandler as createPromoter } from '../../../handlers/model-package-state-change/handler';
import { createHandler } from '../../../handlers/stack-status-change/handler';
import { type Fate, packageArn } from '../core/release/fake-aws';
import { approval, batch, clock, handlerFixture, stackEnded } from './handler-fixture';

/** A release of version 1 that is on its way. */
async function releasing(fate: Fate = 'succeeds') {
  const fixture = handlerFixture();
  fixture.aws.approve(1);
  fixture.aws.fate = fate;
  await createPromoter(fixture.props)(batch(approval(1)));
  fixture.logged.length = 0;
  return { ...fixture, handler: createHandler(fixture.props) };
}

describe('the handler of ended stack operations', () => {
  test('settles the release, keeps its evidence and tells of it', async () => {
    const { aws, published, logged, handler } = await releasing();
    aws.endUpdate();
    expect(await handler(stackEnded())).toEqual({
      kind: 'settled',
      outcome: 'released',
      failure: null,
      release: packageArn(1),
      mismatches: [],
    });
    expect(Object.values(aws.evidence)).toEqual([expect.objectContaining({ outcome: 'released' })]);
    expect(published).toEqual([expect.objectContaining({ Subject: 'churn 1 released in dev' })]);
    expect(logged).toEqual([expect.objectContaining({ level: 'info', kind: 'settled', outcome: 'released' })]);
  });

  test.each([
    ['rolls-back', 'UPDATE_ROLLBACK_COMPLETE', 'rolled-back'],
    ['silently-rolls-back', 'UPDATE_COMPLETE', 'rolled-back'],
    ['rolls-back-badly', 'UPDATE_ROLLBACK_FAILED', 'failed'],
  ] as const)('reports an update that %s, and takes the release back', async (fate, status, outcome) => {
    const { aws, handler } = await releasing(fate);
    aws.endUpdate();
    expect(await handler(stackEnded(status))).toMatchObject({ kind: 'settled', outcome, failure: expect.any(String) });
    expect(aws.parameter).toBe('none');
  });

  test("fails, so that Lambda tries again, while the stack's end isn't among its events yet", async () => {
    const { handler } = await releasing();
    await expect(handler(stackEnded())).rejects.toThrow(
      "dev-churn: the release can't be settled yet, got UPDATE_IN_PROGRESS; trying again",
    );
  });

  test('waits when only the clock asks', async () => {
    const { handler, published } = await releasing();
    expect(await handler(clock)).toEqual({ kind: 'in-progress', started: true, status: 'UPDATE_IN_PROGRESS' });
    expect(published).toEqual([]);
  });

  test('says nothing while what was released serves', async () => {
    const { aws, published, handler } = await releasing();
    aws.endUpdate();
    await handler(stackEnded());
    published.length = 0;
    expect(await handler(clock)).toMatchObject({ kind: 'verified', mismatches: [], release: packageArn(1) });
    expect(published).toEqual([]);
  });

  test('tells when something else serves than what was released, and how to put it right', async () => {
    const { aws, published, handler } = await releasing();
    aws.endUpdate();
    await handler(stackEnded());
    aws.served = packageArn(7);
    expect(await handler(clock)).toMatchObject({ kind: 'verified', mismatches: [expect.stringContaining('/7')] });
    expect(published.at(-1)).toMatchObject({
      Subject: 'churn in dev is not what was released',
      Message: expect.stringContaining('npx mlops release promote churn --env dev'),
    });
  });

  test('measures the mismatches under a name and dimensions that alarms can rely on', async () => {
    const { aws, measured, handler } = await releasing();
    aws.endUpdate();
    await handler(stackEnded());
    aws.served = packageArn(7);
    await handler(clock);
    const metric = {
      MetricName: 'ReleaseMismatches',
      Dimensions: [
        { Name: 'Environment', Value: 'dev' },
        { Name: 'Model', Value: 'churn' },
      ],
      Unit: 'Count',
      Timestamp: new Date(aws.time),
    };
    expect(measured).toEqual([
      { Namespace: 'mlops/release', MetricData: [{ ...metric, Value: 0 }] },
      { Namespace: 'mlops/release', MetricData: [{ ...metric, Value: 1 }] },
    ]);
  });

  test('keeps the champion for pipelines where it is told a bucket, and never one that does not serve', async () => {
    const { aws, props } = handlerFixture({ CHAMPION_BUCKET: 'models' });
    aws.approve(1);
    const handler = createHandler(props);
    const champion = () => aws.objects.get('churn/champion/model.tar.gz')?.body;
    await handler(stackEnded('CREATE_COMPLETE'));
    expect(aws.objects.has('churn/champion/release.json')).toBe(true);
    await createPromoter(props)(batch(approval(1)));
    await handler(clock);
    expect(champion()).toBeUndefined();
    aws.endUpdate();
    await handler(stackEnded());
    expect(champion()).toBe('copy of models/churn/1/model.tar.gz');
  });

  test('keeps a champion of more than one call copies, and gives it up when its time is over', async () => {
    const { aws, props } = handlerFixture({ CHAMPION_BUCKET: 'models' });
    aws.approve(1);
    aws.parameter = packageArn(1);
    aws.served = packageArn(1);
    aws.artefactBytes = 6 * 1024 ** 3;
    const handler = createHandler(props);
    const champion = () => aws.objects.get('churn/champion/model.tar.gz')?.body;
    await expect(handler(clock, new Date(aws.time))).rejects.toThrow('must be copied in the time of the function');
    expect(champion()).toBeUndefined();
    expect(aws.objects.has('churn/champion/release.json')).toBe(false);
    await handler(clock, new Date(aws.time + 60_000));
    expect(champion()).toMatch(/^"1 bytes=0-536870911 "artefact""\n/);
    expect(aws.objects.has('churn/champion/release.json')).toBe(true);
  });

  test('measures nothing while a release is on its way', async () => {
    const { measured, handler } = await releasing();
    await handler(clock);
    expect(measured).toEqual([]);
  });

  test('alarms at once when the stack says that all is well and the endpoint has gone back', async () => {
    const { aws, measured, handler } = await releasing('silently-rolls-back');
    aws.askedEndpointConfig = 'config-of-version-1';
    aws.served = packageArn(9);
    aws.alarms.set('ErrorRate', [{ at: '2026-03-01T12:00:00.000Z', reason: '5 % of the requests failed' }]);
    aws.endUpdate();
    expect(await handler(stackEnded())).toMatchObject({
      outcome: 'rolled-back',
      failure: expect.stringContaining(
        'alarm ErrorRate went off at 2026-03-01T12:00:00.000Z: 5 % of the requests failed',
      ),
      mismatches: expect.arrayContaining([expect.stringContaining('the stack asked for config-of-version-1')]),
    });
    expect(measured).toEqual([expect.objectContaining({ MetricData: [expect.objectContaining({ Value: 2 })] })]);
  });

  test('has nothing to say before the first release', async () => {
    const { props, published } = handlerFixture();
    expect(await createHandler(props)(stackEnded('CREATE_COMPLETE'))).toMatchObject({
      kind: 'verified',
      mismatches: [],
      release: 'none',
    });
    expect(published).toEqual([]);
  });

  test('refuses an event that it does not know', async () => {
    await expect(createHandler(handlerFixture().props)({ 'detail-type': 'Object Created' })).rejects.toThrow(
      'invalid_union',
    );
  });
});

describe('an assignment of a variant that nobody waited for', () => {
  const DECIDED = '2026-03-01T12:00:00Z';
  const PARAMETER = '/mlops/dev/churn/variants/challenger/release';
  const KEY = 'releases/dev/churn/variants/challenger/20260301T120000Z-';

  /** The challenger was given version 2 in place of version 1, and the stack is so by now. */
  async function assigned(...statuses: readonly string[]) {
    const fixture = handlerFixture();
    const { aws, props } = fixture;
    aws.approve(1, 2);
    aws.variants.set(PARAMETER, packageArn(2));
    const parameter = { read: async () => '', write: async () => {} };
    const assignment = { variant: 'challenger', modelPackage: packageArn(2), parameter, by: 'ada', reason: 'a test' };
    const started = { previous: packageArn(1), decidedAt: DECIDED };
    await recordAssignment(assignment, started, { outcome: 'started', failure: null }, aws.ports());
    for (const status of statuses)
      aws.stackEvent('variant-challenger-20260301T120000Z', status, 'alarm ErrorRate went off');
    const handler = createHandler(props);
    const kept = () => Object.keys(aws.evidence).map((key) => key.replace(KEY, ''));
    return { ...fixture, handler, kept };
  }

  test.each([
    ['UPDATE_COMPLETE', 'serves', packageArn(2), 'serves'],
    ['UPDATE_ROLLBACK_COMPLETE', 'rolled-back', packageArn(1), 'the stack is UPDATE_ROLLBACK_COMPLETE: alarm'],
  ])('has its end in the evidence, and the parameter as it serves, after %s', async (status, outcome, value, why) => {
    const { aws, handler, kept, logged } = await assigned('UPDATE_IN_PROGRESS', status);
    await handler(stackEnded(status));
    expect(kept()).toEqual(['started.json', `${outcome}.json`]);
    expect(aws.variants.get(PARAMETER)).toBe(value);
    expect(logged).toEqual([
      expect.objectContaining({ assignments: [expect.stringContaining(`challenger, decided ${DECIDED}: ${why}`)] }),
    ]);
    // Whoever looks next finds nothing to do.
    await handler(clock);
    expect(kept()).toHaveLength(2);
    expect(logged[1]).not.toHaveProperty('assignments');
  });

  test.each([[[]], [['UPDATE_IN_PROGRESS']]])('is left alone while the stack is as %j', async (statuses) => {
    const { aws, handler, kept } = await assigned(...statuses);
    await handler(clock);
    expect(kept()).toEqual(['started.json']);
    expect(aws.variants.get(PARAMETER)).toBe(packageArn(2));
  });

  test('has its end although the champion could not be copied', async () => {
    const { aws, props, kept } = await assigned('UPDATE_COMPLETE');
    aws.parameter = packageArn(1);
    aws.served = packageArn(1);
    const before = aws.before;
    aws.before = async (call) => {
      if (call === 'copyObject') throw new Error('larger than what can be copied');
      return before(call);
    };
    const handler = createHandler({ ...props, settings: { ...props.settings, CHAMPION_BUCKET: 'models' } });
    await expect(handler(clock)).rejects.toThrow('larger than what can be copied');
    expect(kept()).toEqual(['started.json', 'serves.json']);
  });

  test('does not keep the handler from its work when its record is none of ours, and is told', async () => {
    const { aws, handler, logged } = await assigned('UPDATE_COMPLETE');
    aws.objects.set(`${KEY}started.json`, { body: '{}', etag: '"1"' });
    expect(await handler(clock)).toMatchObject({ kind: 'verified' });
    expect(logged).toEqual([
      expect.objectContaining({ assignments: [expect.stringContaining(`${KEY}started.json: can't be settled, got`)] }),
    ]);
  });
});

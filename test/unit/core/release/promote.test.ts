import type { Decision } from '../../../../core/release/decision';
import { promote } from '../../../../core/release/promote';
import { isIntact } from '../../../../core/release/seal';
import { settle } from '../../../../core/release/settle';
import { FakeAws, packageArn, ServiceException } from './fake-aws';

/** Version `version`, decided `second` seconds past noon. */
function decision(version: number, second: number, overrides: Partial<Decision> = {}): Decision {
  return {
    modelPackage: packageArn(version),
    version,
    kind: 'approval',
    decidedAt: `2026-03-01T12:00:${String(second).padStart(2, '0')}Z`,
    by: 'ada',
    reason: 'beats the champion',
    ...overrides,
  };
}

/** Version 1 is live, versions 1 to 3 are approved. */
async function withVersion1Live(): Promise<FakeAws> {
  const aws = new FakeAws();
  aws.approve(1, 2, 3);
  await promote(decision(1, 1), aws.ports());
  aws.endUpdate();
  await settle(aws.ports());
  aws.notes.length = 0;
  return aws;
}

describe('the first release', () => {
  test('writes the parameter, updates the stack, and is live once that was verified', async () => {
    const aws = new FakeAws();
    aws.approve(1);

    expect(await promote(decision(1, 1), aws.ports())).toEqual({ kind: 'started' });
    expect(aws.parameter).toBe(packageArn(1));
    expect(aws.state).toMatchObject({ settled: false, outcome: null, previous: 'none', live: 'none' });

    aws.endUpdate();
    expect(await settle(aws.ports())).toEqual({ kind: 'settled', outcome: 'released', failure: null });
    expect(aws.state).toMatchObject({ settled: true, outcome: 'released', live: packageArn(1) });
  });

  test('leaves sealed evidence of what was decided, by whom, and what serves', async () => {
    const aws = await withVersion1Live();

    const record = aws.evidence['releases/dev/churn/20260301T120001Z-1.json'];
    expect(record).toMatchObject({
      outcome: 'released',
      decision: { by: 'ada', reason: 'beats the champion', version: 1 },
      modelPackage: { approvedBy: 'arn:aws:sts::111111111111:assumed-role/approver/ada', approval: 'Approved' },
      previousRelease: 'none',
      stack: { status: 'UPDATE_COMPLETE', templateSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      endpoint: { name: 'dev-churn', modelPackage: packageArn(1) },
    });
    expect(record && isIntact(record)).toBe(true);
    expect(record && isIntact({ ...record, outcome: 'failed' })).toBe(false);
  });

  test('tells people its outcome once', async () => {
    const aws = new FakeAws();
    aws.approve(1);
    await promote(decision(1, 1), aws.ports());
    aws.endUpdate();
    await settle(aws.ports());
    await settle(aws.ports());
    expect(aws.notes.map(({ subject }) => subject)).toEqual(['churn 1 released in dev']);
  });

  test('that fails leaves no release behind', async () => {
    const aws = new FakeAws();
    aws.approve(1);
    aws.fate = 'rolls-back';
    await promote(decision(1, 1), aws.ports());
    aws.endUpdate();
    await settle(aws.ports());
    expect(aws.parameter).toBe('none');
    expect(aws.state).toMatchObject({ outcome: 'rolled-back', live: 'none' });
  });
});

describe('an approval', () => {
  test('that comes twice updates the stack once', async () => {
    const aws = await withVersion1Live();
    expect(await promote(decision(2, 2), aws.ports())).toEqual({ kind: 'started' });
    expect(await promote(decision(2, 2), aws.ports())).toEqual({ kind: 'started' });
    aws.endUpdate();
    await settle(aws.ports());
    expect(await promote(decision(2, 2), aws.ports())).toMatchObject({ kind: 'settled', outcome: 'released' });
    expect(aws.updates).toEqual([packageArn(1), packageArn(2)]);
  });

  test('that arrives late does not undo a newer release', async () => {
    const aws = await withVersion1Live();
    await promote(decision(3, 3), aws.ports());
    aws.endUpdate();
    expect(await promote(decision(2, 2), aws.ports())).toMatchObject({ kind: 'superseded', by: { version: 3 } });
    expect(aws.parameter).toBe(packageArn(3));
  });

  test('of the same second as another counts if its version is higher', async () => {
    const aws = await withVersion1Live();
    await promote(decision(3, 2), aws.ports());
    aws.endUpdate();
    expect(await promote(decision(2, 2), aws.ports())).toMatchObject({ kind: 'superseded' });
  });

  test('that repeats after somebody went back to an earlier version is not taken up again', async () => {
    const aws = await withVersion1Live();
    await promote(decision(2, 2), aws.ports());
    aws.endUpdate();
    await promote(decision(1, 30, { kind: 'rollback' }), aws.ports());
    aws.endUpdate();
    await settle(aws.ports());
    expect(await promote(decision(2, 2), aws.ports())).toMatchObject({ kind: 'superseded', by: { kind: 'rollback' } });
    expect(aws.served).toBe(packageArn(1));
  });

  test('waits while another release is on its way, then takes over', async () => {
    const aws = await withVersion1Live();
    await promote(decision(2, 2), aws.ports());
    expect(await promote(decision(3, 3), aws.ports())).toMatchObject({ kind: 'busy', why: 'version 2 is on its way' });
    aws.endUpdate();
    expect(await promote(decision(3, 3), aws.ports())).toEqual({ kind: 'started' });
    expect(aws.evidence['releases/dev/churn/20260301T120002Z-2.json']?.outcome).toBe('released');
  });

  test('waits while the infrastructure is deployed', async () => {
    const aws = await withVersion1Live();
    aws.deployInfrastructure();
    expect(await promote(decision(2, 2), aws.ports())).toMatchObject({
      kind: 'busy',
      why: 'the stack is UPDATE_IN_PROGRESS',
    });
    expect(aws.parameter).toBe(packageArn(1));
    aws.endUpdate();
    expect(await promote(decision(2, 2), aws.ports())).toEqual({ kind: 'started' });
  });

  test('that loses to a deployment by a moment waits, and is released later', async () => {
    const aws = await withVersion1Live();
    aws.before = async (call) => {
      if (call === 'updateStack') {
        aws.before = async () => undefined;
        aws.deployInfrastructure();
      }
    };
    expect(await promote(decision(2, 2), aws.ports())).toMatchObject({ kind: 'busy' });
    aws.endUpdate();
    // The deployment has read the new release: nothing is left to update.
    expect(await promote(decision(2, 2), aws.ports())).toMatchObject({ kind: 'settled', outcome: 'released' });
    expect(aws.served).toBe(packageArn(2));
  });

  test.each([
    ['was rejected meanwhile', 'Rejected', 'version 2 is Rejected'],
    ['is pending again', 'PendingManualApproval', 'version 2 is PendingManualApproval'],
    ['was deleted meanwhile', undefined, 'is not in the registry any more'],
  ])('whose package %s changes nothing', async (_, status, why) => {
    const aws = await withVersion1Live();
    if (status) aws.approvals.set(packageArn(2), status);
    else aws.approvals.delete(packageArn(2));
    expect(await promote(decision(2, 2), aws.ports())).toEqual({
      kind: 'withdrawn',
      why: expect.stringContaining(why),
    });
    expect(aws.parameter).toBe(packageArn(1));
    expect(aws.state?.decision.version).toBe(1);
  });

  test("of another model's package changes nothing", async () => {
    const aws = await withVersion1Live();
    const foreign = packageArn(9).replace('dev-churn', 'dev-other');
    aws.approvals.set(foreign, 'Approved');
    expect(await promote(decision(9, 9, { modelPackage: foreign }), aws.ports())).toEqual({
      kind: 'withdrawn',
      why: `${foreign} is not a version of dev-churn`,
    });
  });

  test('of the version that is live already is recorded without an update', async () => {
    const aws = await withVersion1Live();
    expect(await promote(decision(1, 9), aws.ports())).toMatchObject({ kind: 'settled', outcome: 'released' });
    expect(aws.updates).toHaveLength(1);
    expect(Object.keys(aws.evidence)).toHaveLength(2);
  });
});

describe('an update that does not go well', () => {
  test.each([
    ['rolls-back', 'rolled-back', 'Endpoint: alarm ErrorRate went off'],
    ['rolls-back-badly', 'failed', 'the stack is UPDATE_ROLLBACK_FAILED: Endpoint: alarm ErrorRate went off'],
    ['silently-rolls-back', 'rolled-back', 'the stack is UPDATE_COMPLETE, but the endpoint is InService with'],
  ] as const)('and %s puts the parameter back and says why', async (fate, outcome, failure) => {
    const aws = await withVersion1Live();
    aws.fate = fate;
    await promote(decision(2, 2), aws.ports());
    aws.endUpdate();
    expect(await settle(aws.ports())).toEqual({
      kind: 'settled',
      outcome,
      failure: expect.stringContaining(failure),
    });
    expect(aws.parameter).toBe(packageArn(1));
    expect(aws.served).toBe(packageArn(1));
    expect(aws.state).toMatchObject({ settled: true, outcome, live: packageArn(1) });
    expect(aws.notes).toEqual([{ subject: `churn 2 ${outcome} in dev`, message: expect.stringContaining(failure) }]);
  });

  test('because somebody cancels it is rolled back, though what follows carries the token of their call', async () => {
    const aws = await withVersion1Live();
    await promote(decision(2, 2), aws.ports());
    aws.cancelUpdate();
    expect(await settle(aws.ports())).toEqual({ kind: 'settled', outcome: 'rolled-back', failure: 'User Initiated' });
    expect([aws.parameter, aws.served, aws.state?.live]).toEqual([packageArn(1), packageArn(1), packageArn(1)]);
  });

  test('and is settled by somebody who is cut off has its parameter back before its evidence is kept', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'rolls-back';
    await promote(decision(2, 2), aws.ports());
    aws.endUpdate();
    aws.before = async (call) => {
      if (call === 'putObject') throw new ServiceException('TimeoutError', 'cut off');
    };
    await expect(settle(aws.ports())).rejects.toThrow('cut off');
    expect(aws.parameter).toBe(packageArn(1));
    expect(Object.keys(aws.evidence)).toHaveLength(1);
  });

  test('because it is refused while the infrastructure is deployed waits, as that may have read the parameter', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'is-refused';
    aws.before = async (call) => {
      if (call === 'updateStack') aws.deployInfrastructure();
    };
    expect(await promote(decision(2, 2), aws.ports())).toEqual({
      kind: 'busy',
      why: 'the stack is UPDATE_IN_PROGRESS',
    });
    aws.endUpdate();
    expect(await promote(decision(2, 2), aws.ports())).toMatchObject({ kind: 'busy' });
  });

  test('because it is refused puts the parameter back at once', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'is-refused';
    expect(await promote(decision(2, 2), aws.ports())).toEqual({
      kind: 'settled',
      outcome: 'failed',
      failure: 'Template error: unresolved condition',
    });
    expect(aws.parameter).toBe(packageArn(1));
    expect(aws.state).toMatchObject({ settled: true, outcome: 'failed', live: packageArn(1) });
  });

  test('and came to nothing before it reached CloudFormation goes on when it is tried again', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'is-lost';
    await expect(promote(decision(2, 2), aws.ports())).rejects.toThrow('socket hang up');
    aws.fate = 'succeeds';
    expect(await promote(decision(2, 2), aws.ports())).toEqual({ kind: 'started' });
  });

  test('and whose answer was lost is not begun twice', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'is-answered-too-late';
    await expect(promote(decision(2, 2), aws.ports())).rejects.toThrow('socket hang up');
    expect(await promote(decision(2, 2), aws.ports())).toEqual({ kind: 'started' });
    aws.endUpdate();
    await settle(aws.ports());
    expect(aws.updates).toEqual([packageArn(1), packageArn(2)]);
    expect(aws.served).toBe(packageArn(2));
  });

  test('and a failed version does not come back with the next deployment of the infrastructure', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'rolls-back';
    await promote(decision(2, 2), aws.ports());
    aws.endUpdate();
    await settle(aws.ports());
    aws.deployInfrastructure();
    aws.endUpdate();
    expect(aws.served).toBe(packageArn(1));
  });

  test('and is overtaken by a deployment, which reads the parameter too, is judged once that has ended', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'rolls-back';
    await promote(decision(2, 2), aws.ports());
    aws.endUpdate();
    aws.deployInfrastructure();
    expect(await settle(aws.ports())).toEqual({ kind: 'in-progress', started: true, status: 'UPDATE_IN_PROGRESS' });
    aws.endUpdate();
    expect(await settle(aws.ports())).toMatchObject({ kind: 'settled', outcome: 'released' });
    expect([aws.served, aws.parameter, aws.state?.live]).toEqual([packageArn(2), packageArn(2), packageArn(2)]);
  });

  test('leaves a parameter alone that somebody set to something else meanwhile', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'rolls-back';
    await promote(decision(2, 2), aws.ports());
    aws.parameter = 'by-hand';
    aws.endUpdate();
    await settle(aws.ports());
    expect(aws.parameter).toBe('by-hand');
  });
});

describe('a promotion that was cut off', () => {
  test('after taking its turn is given up after a quarter of an hour, and the parameter is put back', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'is-lost';
    await expect(promote(decision(2, 2), aws.ports())).rejects.toThrow('socket hang up');
    expect(aws.parameter).toBe(packageArn(2));

    aws.time += 899_000;
    expect(await settle(aws.ports())).toEqual({ kind: 'in-progress', started: false, status: 'not begun' });
    aws.time += 1_000;
    expect(await settle(aws.ports())).toMatchObject({
      kind: 'settled',
      outcome: 'failed',
      failure: expect.stringContaining('never began'),
    });
    expect(aws.parameter).toBe(packageArn(1));
  });

  test('gives way to a newer decision after that time', async () => {
    const aws = await withVersion1Live();
    aws.fate = 'is-lost';
    await expect(promote(decision(2, 2), aws.ports())).rejects.toThrow('socket hang up');
    aws.fate = 'succeeds';
    expect(await promote(decision(3, 3), aws.ports())).toMatchObject({ kind: 'busy' });
    aws.time += 900_000;
    expect(await promote(decision(3, 3), aws.ports())).toEqual({ kind: 'started' });
  });

  test('is not given up while it waits for its turn', async () => {
    const aws = await withVersion1Live();
    aws.before = async (call) => {
      if (call === 'updateStack' && !aws.isUpdating) aws.deployInfrastructure();
    };
    for (let minutes = 0; minutes <= 60; minutes += 3) {
      expect(await promote(decision(2, 2), aws.ports())).toMatchObject({ kind: 'busy' });
      aws.time += 180_000;
      expect(await settle(aws.ports())).toMatchObject({ kind: 'in-progress' });
    }
  });

  test.each(['putObject', 'putParameter', 'getParameter', 'describeStacks'])(
    'at a call of %s while it settles is settled the same by the next',
    async (call) => {
      const aws = await withVersion1Live();
      aws.fate = 'rolls-back';
      await promote(decision(2, 2), aws.ports());
      aws.endUpdate();
      let calls = 0;
      for (let settled = false; !settled; ) {
        calls += 1;
        let seen = 0;
        const failing = calls;
        aws.before = async (name) => {
          if (name === call && ++seen === failing) throw new ServiceException('TimeoutError', 'cut off');
        };
        settled = await settle(aws.ports()).then(
          () => true,
          () => false,
        );
      }
      expect(calls).toBeGreaterThan(1);
      expect(aws.parameter).toBe(packageArn(1));
      expect(aws.state).toMatchObject({ settled: true, outcome: 'rolled-back', live: packageArn(1) });
      expect(Object.keys(aws.evidence)).toHaveLength(2);
    },
  );
});

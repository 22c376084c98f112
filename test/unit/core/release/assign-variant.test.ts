import {
  type Assignment,
  type AssignmentAnswer,
  assignVariant,
  recordAssignment,
} from '../../../../core/release/assign-variant';
import type { ReleasePorts, UpdateAnswer } from '../../../../core/release/ports';
import { isIntact } from '../../../../core/release/seal';
import { SealedVariantRecord } from '../../../../core/release/variant-record';
import { FakeAws, packageArn } from './fake-aws';

/** An account in which versions 1 and 2 are approved and 1 is live, and the parameter of one variant. */
class World {
  readonly aws = new FakeAws();
  value = 'none';
  readonly written: string[] = [];
  readonly tokens: string[] = [];
  answer: UpdateAnswer = { kind: 'started' };
  status = 'UPDATE_COMPLETE';

  constructor() {
    for (const version of [1, 2]) this.aws.approvals.set(packageArn(version), 'Approved');
  }

  get ports(): ReleasePorts {
    const ports = this.aws.ports();
    return {
      ...ports,
      stack: {
        ...ports.stack,
        describe: async () => ({ ...(await ports.stack.describe()), status: this.status }),
        update: async (token) => {
          this.tokens.push(token);
          return this.answer;
        },
      },
    };
  }

  assign(modelPackage: string): Promise<AssignmentAnswer> {
    const parameter: Assignment['parameter'] = {
      read: async () => this.value,
      write: async (value) => {
        this.value = value;
        this.written.push(value);
      },
    };
    return assignVariant(
      { variant: 'challenger', modelPackage, parameter, by: 'ada', reason: 'to compare' },
      this.ports,
    );
  }
}

describe('a variant besides the live one', () => {
  test('is given an approved version, by its own parameter and an update of the stack', async () => {
    const world = new World();
    expect(await world.assign(packageArn(2))).toEqual({
      kind: 'started',
      token: 'variant-challenger-20260301T120000Z',
      previous: 'none',
      decidedAt: '2026-03-01T12:00:00Z',
    });
    expect(world.value).toBe(packageArn(2));
    expect(world.aws.parameter).toBe('none');
  });

  test('leaves sealed evidence of who let it serve what, and of how that ended', async () => {
    const world = new World();
    const parameter = { read: async () => 'none', write: async () => undefined };
    const assignment = {
      variant: 'challenger',
      modelPackage: packageArn(2),
      parameter,
      by: 'ada',
      reason: 'to compare',
    };
    const started = await assignVariant(assignment, world.ports);
    expect(started.kind).toBe('started');
    const { decidedAt, previous } = started as { decidedAt: string; previous: string };
    const failure = 'alarm ErrorRate went off';
    const key = await recordAssignment(
      assignment,
      { decidedAt, previous },
      { outcome: 'rolled-back', failure },
      world.ports,
    );
    expect(key).toBe('releases/dev/churn/variants/challenger/20260301T120000Z-rolled-back.json');
    const read = (name: string) => SealedVariantRecord.parse(JSON.parse(world.aws.objects.get(name)?.body ?? ''));
    const begun = read('releases/dev/churn/variants/challenger/20260301T120000Z-started.json');
    expect(begun).toMatchObject({
      variant: 'challenger',
      outcome: 'started',
      modelPackage: packageArn(2),
      previous: 'none',
      by: 'ada',
      reason: 'to compare',
      stack: { templateSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect([isIntact(begun), isIntact({ ...begun, by: 'eve' })]).toEqual([true, false]);
    expect(read(key)).toMatchObject({ outcome: 'rolled-back', failure });
  });

  test('goes back to none, which takes no version to be approved', async () => {
    const world = new World();
    world.value = packageArn(2);
    expect(await world.assign('none')).toMatchObject({ kind: 'started', previous: packageArn(2) });
    expect(world.value).toBe('none');
  });

  test.each([
    ['a version that nobody approved', packageArn(3), 'PendingManualApproval', 'version 3 is PendingManualApproval'],
    ['a version that is gone', packageArn(4), undefined, 'is not in the registry'],
    ["another model's version", packageArn(5).replace('dev-churn', 'dev-credit'), 'Approved', 'is not a version of'],
  ])('is not given %s', async (_, arn, approval, why) => {
    const world = new World();
    if (approval) world.aws.approvals.set(arn, approval);
    expect(await world.assign(arn)).toEqual({ kind: 'refused', why: expect.stringContaining(why) });
    expect([world.written, world.tokens]).toEqual([[], []]);
  });

  test('waits for its turn while the stack is updated, and writes nothing', async () => {
    const world = new World();
    world.status = 'UPDATE_IN_PROGRESS';
    expect(await world.assign(packageArn(2))).toEqual({ kind: 'busy', why: 'the stack is UPDATE_IN_PROGRESS' });
    expect(world.written).toEqual([]);
  });

  test.each([
    { kind: 'busy', why: 'somebody was faster' },
    { kind: 'refused', why: 'access denied' },
  ] as const)('has its parameter put back when the update is $kind', async (answer) => {
    const world = new World();
    world.answer = answer;
    expect(await world.assign(packageArn(2))).toEqual(answer);
    expect(world.value).toBe('none');
  });

  test('keeps its parameter when the stack has it already', async () => {
    const world = new World();
    world.answer = { kind: 'unchanged' };
    world.value = packageArn(2);
    expect(await world.assign(packageArn(2))).toEqual({ kind: 'unchanged' });
    expect(world.written).toEqual([]);
  });
});

import * as fc from 'fast-check';
import { compareDecisions, type Decision } from '../../../../core/release/decision';
import { promote } from '../../../../core/release/promote';
import { settle } from '../../../../core/release/settle';
import { FakeAws, type Fate, packageArn } from './fake-aws';

const decisions = fc.uniqueArray(
  fc.record({ version: fc.integer({ min: 1, max: 5 }), second: fc.integer({ min: 0, max: 9 }) }).map(
    ({ version, second }): Decision => ({
      modelPackage: packageArn(version),
      version,
      kind: 'approval',
      decidedAt: `2026-03-01T12:00:0${second}Z`,
      by: 'ada',
      reason: 'good',
    }),
  ),
  { minLength: 1, maxLength: 5, selector: ({ decidedAt, version }) => `${decidedAt} ${version}` },
);

/** Delivers, in any order and as often as it likes; `index` counts modulo the decisions. */
const moves = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ move: fc.constant('deliver' as const), index: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.record({ move: fc.constantFrom('end', 'settle', 'deploy') }) },
    {
      weight: 1,
      arbitrary: fc.record({
        move: fc.constant('fate' as const),
        fate: fc.constantFrom<Fate>('succeeds', 'rolls-back', 'silently-rolls-back', 'is-lost', 'is-answered-too-late'),
      }),
    },
  ),
  { maxLength: 30 },
);
type Move = { readonly move: string; readonly index?: number; readonly fate?: Fate };

function play(aws: FakeAws, all: readonly Decision[], { move, index = 0, fate = 'succeeds' }: Move): Promise<unknown> {
  // A lost answer, as any error, brings the message back.
  const attempt = (work: Promise<unknown>) => work.catch(() => undefined);
  switch (move) {
    case 'deliver': {
      const decision = all[index % all.length];
      return decision ? attempt(promote(decision, aws.ports())) : Promise.resolve();
    }
    case 'settle':
      return attempt(settle(aws.ports()));
    case 'end':
      return Promise.resolve(aws.endUpdate());
    case 'deploy':
      return Promise.resolve(aws.isUpdating ? undefined : aws.deployInfrastructure());
    default:
      return Promise.resolve(void (aws.fate = fate));
  }
}

/** Every message is delivered until it needs no more, and every update ends well. */
async function drain(aws: FakeAws, all: readonly Decision[]): Promise<void> {
  aws.before = async () => undefined;
  aws.fate = 'succeeds';
  for (let waiting = true, rounds = 0; waiting; rounds++) {
    if (rounds > 20) throw new Error('the messages never come to an end');
    waiting = false;
    for (const decision of all) {
      aws.endUpdate();
      await settle(aws.ports());
      if ((await promote(decision, aws.ports())).kind === 'busy') waiting = true;
      aws.time += 180_000;
    }
  }
  aws.endUpdate();
  await settle(aws.ports());
}

/** What is wrong once every message has been answered, a sentence each. */
function inconsistencies(aws: FakeAws, all: readonly Decision[]): string[] {
  const last = all.toSorted(compareDecisions).at(-1);
  const { state } = aws;
  const known = new Set(all.map((decision) => JSON.stringify(decision)));
  const wrong = {
    'the last decision is not the one that counts': JSON.stringify(state?.decision) !== JSON.stringify(last),
    'a decision is still open': !state?.settled,
    'the parameter is not the live release': aws.parameter !== state?.live,
    'the endpoint does not serve the live release': aws.served !== state?.live,
    'what was released is not live': state?.outcome === 'released' && state.live !== last?.modelPackage,
    'a record is about no decision': Object.values(aws.evidence).some(
      ({ decision }) => !known.has(JSON.stringify(decision)),
    ),
  };
  return Object.entries(wrong).flatMap(([sentence, holds]) => (holds ? [sentence] : []));
}

describe('promotion events', () => {
  test('end in one state, whatever their order, their number and the fate of the updates', async () => {
    await fc.assert(
      fc.asyncProperty(decisions, moves, async (all, sequence) => {
        const aws = new FakeAws();
        aws.approve(1, 2, 3, 4, 5);
        for (const move of sequence) await play(aws, all, move);
        await drain(aws, all);
        expect(inconsistencies(aws, all)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('end in one state when handlers run at once and every call may overtake every other', async () => {
    await fc.assert(
      fc.asyncProperty(decisions, moves, fc.scheduler(), async (all, sequence, scheduler) => {
        const aws = new FakeAws();
        aws.approve(1, 2, 3, 4, 5);
        aws.before = (call) => scheduler.schedule(Promise.resolve(), call);
        const played = Promise.all(sequence.map((move) => play(aws, all, move)));
        await scheduler.waitFor(played);
        await drain(aws, all);
        expect(inconsistencies(aws, all)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('that all arrive while good updates run end with the latest decision live', async () => {
    await fc.assert(
      fc.asyncProperty(decisions, fc.array(fc.nat(9), { maxLength: 20 }), async (all, order) => {
        const aws = new FakeAws();
        aws.approve(1, 2, 3, 4, 5);
        for (const index of order) {
          await play(aws, all, { move: 'deliver', index });
          aws.endUpdate();
        }
        await drain(aws, all);
        expect(aws.served).toBe(all.toSorted(compareDecisions).at(-1)?.modelPackage);
      }),
    );
  });
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { wholeSeconds } from '../../../core/release/decision';
import { createHandler as createPromoter } from '../../../handlers/model-package-state-change/handler';
import { createHandler as createReviewer } from '../../../handlers/stack-status-change/handler';
import type { FakeAws, Fate } from '../core/release/fake-aws';
import { packageArn } from '../core/release/fake-aws';
import { approval, batch, clock, handlerFixture, stackEnded } from './handler-fixture';
import { PromotionModel } from './promotion-model';

const VERSIONS = 4;

/** The account with its handlers and the queue of approvals: a message may come at any time, and as often as it likes. */
class World {
  readonly model = new PromotionModel();
  readonly messages: { readonly body: object; answered: boolean }[] = [];
  readonly aws: FakeAws;
  private readonly promoter: ReturnType<typeof createPromoter>;
  private readonly reviewer: ReturnType<typeof createReviewer>;

  constructor() {
    const { aws, props } = handlerFixture();
    this.aws = aws;
    this.promoter = createPromoter(props);
    this.reviewer = createReviewer(props);
  }

  approve(version: number): void {
    const at = wholeSeconds(new Date(this.aws.time));
    this.aws.approve(version);
    this.model.approved(version, at);
    this.messages.push({ body: approval(version, at), answered: false });
  }

  async deliver(index: number): Promise<void> {
    const message = this.messages[index % Math.max(1, this.messages.length)];
    if (!message) return;
    const { batchItemFailures } = await this.promoter(batch(message.body));
    message.answered = batchItemFailures.length === 0;
  }

  /** Lambda calls again after an error; another call of the clock comes anyhow. */
  async review(event: object): Promise<void> {
    await this.reviewer(event).catch(() => undefined);
  }

  /** The work is cut off at its n-th call of AWS, and never goes on. */
  async killedAt(call: number, work: () => Promise<void>): Promise<void> {
    let calls = 0;
    const killed = new Promise<void>((resolve) => {
      this.aws.before = async () => {
        if (++calls < call) return;
        resolve();
        await new Promise(() => undefined);
      };
    });
    await Promise.race([work(), killed]);
    this.aws.before = async () => undefined;
  }

  /** All at once: `picks` says whose call is answered next. */
  async together(works: readonly (() => Promise<void>)[], picks: readonly number[]): Promise<void> {
    const waiting: (() => void)[] = [];
    this.aws.before = () => new Promise((resolve) => waiting.push(resolve));
    const running = new Set(works);
    const ended = works.map((work) => work().finally(() => running.delete(work)));
    for (let turn = 0; running.size > 0; turn++) {
      await nextTurn();
      const [next] = waiting.splice((picks[turn % Math.max(1, picks.length)] ?? 0) % Math.max(1, waiting.length), 1);
      next?.();
    }
    await Promise.all(ended);
    this.aws.before = async () => undefined;
  }

  /** Every message is answered, and every update ends well. */
  async drain(): Promise<void> {
    this.aws.fate = 'succeeds';
    for (let round = 0; ; round++) {
      if (round > 30) throw new Error('the messages never come to an end');
      this.aws.time += 181_000;
      this.aws.endUpdate();
      await this.review(clock);
      for (let index = 0; index < this.messages.length; index++) await this.deliver(index);
      const quiet = !this.aws.isUpdating && this.aws.state?.settled !== false;
      if (quiet && this.messages.every(({ answered }) => answered)) return;
    }
  }
}

type Move = (world: World) => Promise<void> | void;

/** A move that prints itself, so that a counterexample can be read. */
function named(label: string, move: Move): Move & { toString(): string } {
  return Object.assign(move, { toString: () => label, [fc.toStringMethod]: () => label });
}

const version = fc.integer({ min: 1, max: VERSIONS });
const FATES: readonly Fate[] = [
  'succeeds',
  'rolls-back',
  'rolls-back-badly',
  'silently-rolls-back',
  'is-refused',
  'is-lost',
  'is-answered-too-late',
];

const move = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(version, fc.nat(2)).map(([v, wait]) =>
      named(`approve ${v} ${wait} s later`, (world) => {
        world.aws.time += wait * 1000;
        world.approve(v);
      }),
    ),
  },
  { weight: 8, arbitrary: fc.nat(9).map((index) => named(`deliver ${index}`, (world) => world.deliver(index))) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(9), fc.integer({ min: 1, max: 14 }))
      .map(([index, call]) =>
        named(`deliver ${index}, killed at call ${call}`, (world) => world.killedAt(call, () => world.deliver(index))),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(9), fc.nat(9), fc.array(fc.nat(2), { maxLength: 12 }))
      .map(([a, b, picks]) =>
        named(`deliver ${a} and ${b} and review at once [${picks.join(',')}]`, (world) =>
          world.together([() => world.deliver(a), () => world.deliver(b), () => world.review(clock)], picks),
        ),
      ),
  },
  {
    weight: 4,
    arbitrary: fc.constant(
      named('the update ends', async (world) => {
        world.aws.endUpdate();
        await world.review(stackEnded());
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 14 }).map((call) =>
      named(`the update ends, its handler killed at call ${call}`, (world) => {
        world.aws.endUpdate();
        return world.killedAt(call, () => world.review(stackEnded()));
      }),
    ),
  },
  { weight: 2, arbitrary: fc.constant(named('the clock', (world) => world.review(clock))) },
  {
    weight: 1,
    arbitrary: fc.constant(
      named('somebody cancels the update', async (world) => {
        world.aws.cancelUpdate();
        await world.review(stackEnded('UPDATE_ROLLBACK_COMPLETE'));
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant(named('the endpoint goes back by itself', (world) => world.aws.goBack())) },
  {
    weight: 1,
    arbitrary: fc.constant(
      named('somebody deploys', (world) => {
        if (!world.aws.isUpdating) world.aws.deployInfrastructure();
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: version.map((v) =>
      named(`reject ${v}`, (world) => {
        if (world.aws.approvals.has(packageArn(v))) world.aws.approvals.set(packageArn(v), 'Rejected');
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: version.map((v) => named(`delete ${v}`, (world) => void world.aws.approvals.delete(packageArn(v)))),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...FATES)
      .map((fate) => named(`the next update ${fate}`, (world) => void (world.aws.fate = fate))),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 20 })
      .map((minutes) => named(`${minutes} minutes pass`, (world) => void (world.aws.time += minutes * 60_000))),
  },
);

describe('the handlers of promotions', () => {
  test('keep what is specified at every moment, and end in one consistent state, whatever comes in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 5, maxLength: 30 }), async (moves) => {
        const world = new World();
        for (const each of moves) {
          await each(world);
          expect(world.model.breaches(world.aws)).toEqual([]);
        }
        await world.drain();
        expect(world.model.breaches(world.aws)).toEqual([]);
        expect(world.model.inconsistencies(world.aws)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

import type { OpenRelease } from '../../../../cli/release/open-release';
import { shiftNews } from '../../../../cli/release/shift-news';
import { Waiting } from '../../../../cli/release/waiting';
import { surroundings } from '../surroundings';
import { FakeAccount, fail } from './fake-account';

const open = (account: FakeAccount) => ({ api: account, ports: account.ports }) as unknown as OpenRelease;

async function shifting(): Promise<FakeAccount> {
  const account = await new FakeAccount().register('Approved').released(1);
  account.endpoint = {
    EndpointStatus: 'Updating',
    ProductionVariants: [{ VariantName: 'AllTraffic' }],
    PendingDeploymentSummary: {
      EndpointConfigName: 'config-2',
      ProductionVariants: [
        {
          DesiredInstanceCount: 10,
          VariantStatus: [
            {
              Status: 'Baking',
              StatusMessage: 'Baking for 600 seconds with traffic enabled on canary capacity of 1 instance(s).',
              StartTime: new Date(account.aws.time - 60_000),
            },
          ],
        },
      ],
    },
  };
  return account;
}

/** Values by their minute. */
type Minutes = Readonly<Record<number, number>>;
const results = (requests: Minutes, errors: Minutes, latency: Minutes) =>
  Object.entries({ requests, errors, latency }).map(([Id, minutes]) => ({
    Id,
    Timestamps: Object.keys(minutes).map((minute) => new Date(Number(minute) * 60_000)),
    Values: Object.values(minutes),
  }));

describe('the news of a shift', () => {
  test('are how far it is, and beside it the time that is left, errors and latency', async () => {
    const account = await shifting();
    account.metrics = results({ 7: 100, 8: 200, 9: 0 }, { 7: 50, 8: 3 }, { 7: 9_000, 8: 41_600 });
    expect(await shiftNews(open(account))).toEqual({
      message: 'endpoint Updating, Baking, 10 % of the traffic on the new fleet',
      detail: '9:00 left, 1.5 % errors, p99 42 ms',
    });
  });

  test('say nothing of errors where there were no requests, and none where none failed', async () => {
    const account = await shifting();
    expect((await shiftNews(open(account))).detail).toBe('9:00 left');
    account.metrics = results({ 7: 10, 8: 200 }, { 7: 10 }, { 7: 9_000 });
    expect((await shiftNews(open(account))).detail).toBe('9:00 left, 0.0 % errors');
  });

  test('count the time that is left on the clock of whoever waits', async () => {
    const account = Object.assign(await shifting(), { speedOf: async () => 5 });
    expect((await shiftNews(open(account))).detail).toBe('1:00 left');
  });

  test('never fail', async () => {
    const account = await shifting();
    account.aws.before = fail('AccessDeniedException', 'no');
    expect(await shiftNews(open(account))).toEqual({ message: 'endpoint not there yet', detail: '' });
  });
});

describe('a wait', () => {
  test('tells news as lines, and what changes all the time as a line that passes', async () => {
    let seconds = 0;
    const { out, notes, ...rest } = surroundings();
    const passing: string[] = [];
    const waiting = new Waiting({
      minutes: 1,
      everySeconds: 1,
      surroundings: {
        ...rest,
        now: () => new Date(seconds * 1000),
        out: { ...out, transient: (text) => void passing.push(text) },
      },
      sleep: async () => void (seconds += 1),
      beside: () => `${seconds} requests`,
    });
    await waiting.pause('Baking', '0:09 left');
    await waiting.pause('Baking', '0:08 left');
    await waiting.pause('Done');
    expect(notes).toEqual(['  0:00  Baking, 0:09 left, 0 requests', '  0:02  Done, 2 requests']);
    expect(passing).toEqual(['  0:01  Baking, 0:08 left, 1 requests']);
  });
});

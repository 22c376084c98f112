import { runTiers } from '../../../run-tiers';
import { type Count, TIERS, type Tier } from '../../../tiers';

const count = (passed: number, failed = 0): Count => ({ passed, failed, skipped: 0 });

/** A run of tiers that end when they are told, and what happened in it, by which its clock goes on. */
function rehearsed(results: Partial<Record<Tier, Count | Error>>) {
  const said: string[] = [];
  const waiting = new Map<Tier, () => void>();
  const preparing = new Map<Tier, () => void>();
  const tiers = Object.keys(results) as Tier[];
  const done = runTiers({
    tiers,
    begins: (tier, beside) => said.push(`${tier} begins${beside ? ' beside' : ''}`),
    run: async (tier, _, prepared) => {
      preparing.set(tier, prepared);
      await new Promise<void>((end) => waiting.set(tier, end));
      const result = results[tier] ?? new Error('no such tier');
      if (result instanceof Error) throw result;
      return result;
    },
    tell: (tier) => said.push(`${tier} is told`),
    fails: (tier, error) => said.push(`${tier} fails: ${String(error)}`),
    now: () => said.length * 1000,
  });
  const begun = () => new Promise((next) => setImmediate(next));
  /** Ends a tier, and lets what follows begin. */
  const end = async (tier: Tier) => {
    await begun();
    waiting.get(tier)?.();
    said.push(`${tier} ends`);
    await begun();
  };
  const prepare = async (tier: Tier) => {
    await begun();
    preparing.get(tier)?.();
    said.push(`${tier} is prepared`);
    await begun();
  };
  return { said, end, prepare, done };
}

describe('the tiers of npm test', () => {
  test('run one after another, with local beside them and unit alone, and are told apart', async () => {
    const { said, end, done } = rehearsed({
      types: count(1),
      python: count(2),
      local: count(3),
      unit: count(4),
    });
    await end('types');
    await end('local');
    await end('python');
    await end('unit');
    expect(said).toEqual([
      'local begins beside',
      'types begins',
      'types ends',
      'python begins',
      'local ends',
      'python ends',
      'local is told',
      'unit begins',
      'unit ends',
    ]);
    expect((await done).map(({ tier, passed }) => `${tier} ${passed}`)).toEqual([
      'types 1',
      'python 2',
      'local 3',
      'unit 4',
    ]);
  });

  test('wait for the one beside them before unit begins', async () => {
    const { said, end, done } = rehearsed({ types: count(1), local: count(1), unit: count(1) });
    await end('types');
    expect(said).not.toContain('unit begins');
    await end('local');
    expect(said.slice(-2)).toEqual(['local is told', 'unit begins']);
    await end('unit');
    await done;
  });

  test('show what is beside nothing while it runs', async () => {
    const { said, end, done } = rehearsed({ local: count(1), unit: count(1) });
    await end('local');
    await end('unit');
    await done;
    expect(said).toEqual(['local begins', 'local ends', 'unit begins', 'unit ends']);
  });

  test('count one that could not be run as a failure, and go on', async () => {
    const { said, end, done } = rehearsed({ types: new Error('no compiler'), local: count(3, 1) });
    await end('types');
    await end('local');
    expect(said).toContain('types fails: Error: no compiler');
    expect(await done).toMatchObject([
      { tier: 'types', passed: 0, failed: 1 },
      { tier: 'local', passed: 3, failed: 1 },
    ]);
  });

  test('kubernetes and rehearsal run side by side at the end, once the first has built what it needs', async () => {
    const { said, end, prepare, done } = rehearsed({
      local: count(1),
      rehearsal: count(2),
      types: count(3),
      kubernetes: count(4),
      browser: count(5),
    });
    await end('types');
    await end('local');
    await end('browser');
    expect(said.at(-1)).toBe('kubernetes begins beside');
    await prepare('kubernetes');
    await end('kubernetes');
    await end('rehearsal');
    expect(said.slice(-6)).toEqual([
      'kubernetes begins beside',
      'kubernetes is prepared',
      'rehearsal begins',
      'kubernetes ends',
      'rehearsal ends',
      'kubernetes is told',
    ]);
    expect((await done).map(({ tier, passed }) => `${tier} ${passed}`)).toEqual([
      'local 1',
      'rehearsal 2',
      'types 3',
      'kubernetes 4',
      'browser 5',
    ]);
  });

  test('the last of the two may be the one that is told at its end', async () => {
    const { said, end, prepare, done } = rehearsed({ kubernetes: count(1), rehearsal: count(1, 1) });
    await prepare('kubernetes');
    await end('rehearsal');
    expect(said.at(-1)).toBe('rehearsal ends');
    await end('kubernetes');
    expect(said.at(-1)).toBe('kubernetes is told');
    expect(await done).toMatchObject([{ failed: 0 }, { tier: 'rehearsal', failed: 1 }]);
  });

  test('what ends without having built what it needs holds up nobody, and has failed', async () => {
    const { said, end, done } = rehearsed({ kubernetes: new Error('no compiler'), rehearsal: count(1) });
    await end('kubernetes');
    expect(said.slice(-2)).toEqual(['kubernetes fails: Error: no compiler', 'rehearsal begins']);
    await end('rehearsal');
    expect(await done).toMatchObject([{ tier: 'kubernetes', passed: 0, failed: 1 }, { passed: 1 }]);
  });

  test.each<Tier>(['kubernetes', 'rehearsal'])(
    '%s is shown while it runs if the other one is not asked for',
    async (tier) => {
      const { said, end, done } = rehearsed({ [tier]: count(1) });
      await end(tier);
      await done;
      expect(said).toEqual([`${tier} begins`, `${tier} ends`]);
    },
  );

  test('have their beginning and their time', async () => {
    const { end, done } = rehearsed({ types: count(1), lint: count(1) });
    await end('types');
    await end('lint');
    expect(await done).toMatchObject([
      { began: 1, seconds: 1 },
      { began: 3, seconds: 1 },
    ]);
  });

  test('are in the summary in the order in which they were named', async () => {
    const { end, done } = rehearsed({ unit: count(1), types: count(1) });
    await end('types');
    await end('unit');
    expect((await done).map(({ tier }) => tier)).toEqual(['unit', 'types']);
    expect(new Set(TIERS).size).toBe(TIERS.length);
  });
});

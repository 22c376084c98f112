import * as fc from 'fast-check';
import { awaitIdle } from '../../performance/measure/await-idle';
import { figure, markdownTable, spread, times } from '../../performance/measure/figures';
import { isBusy } from '../../performance/measure/machine';
import { replacePart } from '../../performance/measure/page';
import { quantile, ratios, summary } from '../../performance/measure/sample';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });

describe('a summary', () => {
  test('is the middle figure and both ends, whatever the order', () => {
    expect(summary([3, 1, 10])).toEqual({ median: 3, min: 1, max: 10 });
    expect(summary([1, 2, 3, 10])).toEqual({ median: 2.5, min: 1, max: 10 });
  });

  test.each([[[]], [[1, Number.NaN]], [[Number.POSITIVE_INFINITY]]])('refuses %p', (values) => {
    expect(() => summary(values)).toThrow('summary: needs finite figures');
  });

  test('lies within its ends, and half of the figures on either side', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        const { median, min, max } = summary(values);
        expect(min <= median && median <= max).toBe(true);
        expect(values.filter((value) => value <= median).length).toBeGreaterThanOrEqual(values.length / 2);
        expect(values.filter((value) => value >= median).length).toBeGreaterThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('a quantile', () => {
  // numpy.quantile([1, 2, 4, 8], share)
  test.each([
    [0, 1],
    [0.25, 1.75],
    [0.5, 3],
    [0.99, 7.88],
    [1, 8],
  ])('%p of 8, 1, 4 and 2 is %p', (share, expected) => {
    expect(quantile([8, 1, 4, 2], share)).toBeCloseTo(expected, 12);
  });

  test('of nothing is no number', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('ratios', () => {
  test('are taken round by round, so that noise that both share cancels out', () => {
    expect(ratios([200, 20, 2], [100, 10, 1])).toEqual({ median: 2, min: 2, max: 2 });
  });

  test('need as many rounds of both, and none of 0', () => {
    expect(() => ratios([1, 2], [1])).toThrow('ratios: needs a pair a round, got 2 and 1');
    expect(() => ratios([1], [0])).toThrow('summary');
  });
});

describe('figures', () => {
  test.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [1.5, '1.50'],
    [12.34, '12.3'],
    [999.6, '1,000'],
    [12_345.6, '12,346'],
    [-2.5, '-2.50'],
  ])('%p is %p', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  test('show their spread where there is one', () => {
    expect(spread({ median: 1500, min: 900, max: 2000 })).toBe('1,500 (900–2,000)');
    expect(spread({ median: 2, min: 2, max: 2 })).toBe('2.00');
    expect(times({ median: 2, min: 1.5, max: 2.25 })).toBe('2.00× (1.50–2.25)');
    expect(times({ median: 2, min: 2, max: 2 })).toBe('2.00×');
  });

  test('stand in a table of Markdown to the right', () => {
    expect(markdownTable(['server', 'n'], [['a', '1,000']])).toBe(
      '| server |     n |\n| ------ | ----: |\n| a      | 1,000 |',
    );
  });
});

describe('the page', () => {
  const page = 'top\n<!-- bench server: begin -->\nold\n<!-- bench server: end -->\nrest\n';

  test('gets a part between its markers and keeps the rest, however often', () => {
    const once = replacePart(page, 'server', 'new $& figures\n');
    expect(once).toBe('top\n<!-- bench server: begin -->\n\nnew $& figures\n\n<!-- bench server: end -->\nrest\n');
    expect(replacePart(once, 'server', 'new $& figures')).toBe(once);
  });

  test.each([
    ['lacks a marker', page.replace('<!-- bench server: end -->', '')],
    ['has one twice', `${page}<!-- bench server: begin -->`],
    ['has them the other way round', '<!-- bench server: end --> <!-- bench server: begin -->'],
    ['has those of another part', page.replaceAll('bench server', 'bench synth')],
  ])('is left alone when it %s', (_, text) => {
    expect(() => replacePart(text, 'server', 'new')).toThrow('docs/performance.md: must hold');
  });
});

test.each([
  [0, 2, false],
  [1, 2, false],
  [1.01, 2, true],
  [0.5, 1, false],
])('a load average of %p on %p cores is busy: %p', (load, cores, busy) => {
  expect(isBusy({ load, cores })).toBe(busy);
});

describe('the next part', () => {
  /** Loads as they are seen, one after the other; the last one stays. */
  async function waited(...loads: readonly number[]) {
    const seen = [...loads];
    const said: string[] = [];
    let seconds = 0;
    await awaitIdle({
      load: () => ({ load: (seen.length > 1 ? seen.shift() : seen[0]) ?? 0, cores: 2 }),
      say: (message) => said.push(message),
      pause: async (pause) => {
        seconds += pause;
      },
    });
    return { seconds, said };
  }

  test('begins at once on an idle machine, without a word', async () => {
    expect(await waited(1)).toEqual({ seconds: 0, said: [] });
  });

  test('waits until the load average has forgotten the one before, and says so once', async () => {
    expect(await waited(1.75, 1.2, 0.9)).toEqual({
      seconds: 10,
      said: ['waiting for the load average to fall from 1.75 to 1, for 180 s at most'],
    });
  });

  test('begins after three minutes in any case', async () => {
    expect((await waited(4)).seconds).toBe(180);
  });
});

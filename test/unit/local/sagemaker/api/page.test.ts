import { assert, boolean, integer, pre, property, record, string, uniqueArray } from 'fast-check';
import { page } from '../../../../../local/sagemaker/api/page';

interface Item {
  readonly name: string;
  readonly time: number;
}

const items = uniqueArray(record({ name: string({ minLength: 1 }), time: integer({ min: 0, max: 5 }) }), {
  selector: ({ name }) => name,
  maxLength: 40,
});

function nextPage(all: readonly Item[], descending: boolean, MaxResults: number, NextToken?: string) {
  return page({
    items: all,
    keyOf: ({ name, time }) => [time, name],
    descending,
    input: { NameContains: 'x', MaxResults, NextToken },
  });
}

function pages(all: readonly Item[], descending: boolean, size: number): Item[][] {
  const result: Item[][] = [];
  let token: string | undefined;
  do {
    const next = nextPage(all, descending, size, token);
    result.push([...next.items]);
    token = next.NextToken;
  } while (token !== undefined);
  return result;
}

describe('a page of a list', () => {
  test('together all pages hold every item once, in order', () => {
    assert(
      property(items, boolean(), integer({ min: 1, max: 50 }), (all, descending, size) => {
        const given = pages(all, descending, size).flat();
        const sorted = [...all].sort((a, b) => a.time - b.time || (a.name < b.name ? -1 : 1));
        expect(given).toEqual(descending ? sorted.toReversed() : sorted);
      }),
    );
  });

  test('only the last page may be smaller than was asked for, and none is empty unless the list is', () => {
    assert(
      property(items, integer({ min: 1, max: 50 }), (all, size) => {
        const sizes = pages(all, false, size).map(({ length }) => length);
        const last = sizes.pop() ?? 0;
        expect(sizes.every((length) => length === size)).toBe(true);
        expect(last).toBeLessThanOrEqual(size);
        expect(last > 0 || all.length === 0).toBe(true);
      }),
    );
  });

  test('items that come or go between two pages neither repeat nor hide others', () => {
    assert(
      property(items, items, integer({ min: 1, max: 10 }), boolean(), (all, later, size, descending) => {
        const first = nextPage(all, descending, size);
        pre(first.NextToken !== undefined);
        const names = new Set(all.map(({ name }) => name));
        const survivors = all.filter((_, index) => index % 3 !== 0);
        const added = later.filter(({ name }) => !names.has(name));
        const rest = nextPage([...survivors, ...added], descending, 100, first.NextToken).items;
        const seen = new Set(first.items.map(({ name }) => name));
        expect(rest.filter(({ name }) => seen.has(name))).toEqual([]);
        for (const survivor of survivors) expect(seen.has(survivor.name) || rest.includes(survivor)).toBe(true);
      }),
    );
  });

  test('has 10 items unless asked otherwise', () => {
    const all = Array.from({ length: 11 }, (_, index) => index);
    expect(page({ items: all, keyOf: (item) => [item], input: {} }).items).toHaveLength(10);
  });

  test('takes up to 100 items unless the action allows fewer', () => {
    const of = (MaxResults: number, largestSize?: number) =>
      page({ items: [], keyOf: () => [], input: { MaxResults }, largestSize });
    expect(() => of(100)).not.toThrow();
    expect(() => of(101)).toThrow(
      "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    );
    expect(() => of(50, 50)).not.toThrow();
    expect(() => of(51, 50)).toThrow('less than or equal to 50');
  });

  test.each([0, -1, 0.5, NaN])('refuses %d as its size', (MaxResults) => {
    expect(() => page({ items: [], keyOf: () => [], input: { MaxResults } })).toThrow(
      `Value '${MaxResults}' at 'maxResults'`,
    );
  });

  test.each(['', 'x', '!!', Buffer.from('[]').toString('base64url'), Buffer.from('{}').toString('base64url')])(
    'refuses the token %j, which is not one of ours',
    (NextToken) => {
      expect(() => page({ items: [1], keyOf: (item) => [item], input: { NextToken } })).toThrow('Invalid NextToken');
    },
  );

  test('refuses a token that belongs to another query', () => {
    const query = (NameContains: string, NextToken?: string) =>
      page({ items: [1, 2], keyOf: (item) => [item], input: { NameContains, MaxResults: 1, NextToken } });
    const { NextToken } = query('a');
    expect(query('a', NextToken).items).toEqual([2]);
    expect(() => query('b', NextToken)).toThrow('Invalid NextToken');
  });
});

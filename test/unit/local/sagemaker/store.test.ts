import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type Journal, Store } from '../../../../local/sagemaker/store';

interface Entry {
  readonly name: string;
}

let root: string;
let journal: Journal<Entry>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'store-'));
  journal = new Store(root).journal('lines');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a journal', () => {
  test('has nothing under a name that nothing was added to, or that was deleted', () => {
    expect(journal.read('a')).toEqual([]);
    journal.append('a', [{ name: 'one' }]);
    journal.delete('a');
    journal.delete('a');
    expect(journal.read('a')).toEqual([]);
  });

  test('isn’t made for no entries', () => {
    journal.append('a', []);
    expect(existsSync(join(root, 'lines'))).toBe(false);
  });

  test('gives back what was added, in that order, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.record({ name: fc.string({ unit: 'binary' }) }))), (batches) => {
        journal.delete('a/b');
        for (const batch of batches) journal.append('a/b', batch);
        expect(journal.read('a/b')).toEqual(batches.flat().map((entry) => JSON.parse(JSON.stringify(entry)) as Entry));
      }),
      { numRuns: 50 },
    );
  });

  test('passes over a part of a line, and loses none of those around it', () => {
    const file = join(root, 'lines', 'a.jsonl');
    journal.append('a', [{ name: 'one' }]);
    appendFileSync(file, '\n{"name":"tw');
    journal.append('a', [{ name: 'three' }]);
    appendFileSync(file, '\n');
    expect(journal.read('a').map(({ name }) => name)).toEqual(['one', 'three']);
  });
});

describe('a collection', () => {
  test('knows what it has without reading it', () => {
    const records = new Store(root).collection<Entry>('kind');
    expect(records.has('a')).toBe(false);
    records.put('a', { name: 'a' });
    expect([records.has('a'), records.has('b')]).toEqual([true, false]);
    records.delete('a');
    expect(records.has('a')).toBe(false);
  });
});

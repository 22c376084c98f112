import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSummary, writeSummary } from '../../../../local/loop/summary';
import { exampleSummary } from '../report/example-summary';

describe('summary.json', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mlops-summary-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('comes back as it was written', () => {
    const file = join(folder, 'deep', 'summary.json');
    writeSummary(file, exampleSummary);
    expect(readSummary(file)).toEqual(exampleSummary);
  });

  test.each(['', '{', '{}', 'null'])('that holds %p counts as no run', (text) => {
    const file = join(folder, 'summary.json');
    writeFileSync(file, text);
    expect(readSummary(file)).toBeUndefined();
  });

  test('is not written with a field missing', () => {
    const file = join(folder, 'summary.json');
    expect(() => writeSummary(file, { ...exampleSummary, model: undefined } as never)).toThrow('model');
    expect(readSummary(file)).toBeUndefined();
  });
});

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fleetDirectory, pruneFleets, stopOrphans } from '../../../../../local/sagemaker/endpoint/fleet-folders';
import { Store } from '../../../../../local/sagemaker/store';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlops-folders-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('the folders of the five latest fleets stay, and those that are in use', async () => {
  const store = new Store(root);
  for (const id of ['1', '2', '3', '4', '5', '6', '7', '8'])
    mkdirSync(fleetDirectory(store, 'e', id), { recursive: true });
  await pruneFleets(store, 'e', ['2', '8']);
  expect(readdirSync(dirname(fleetDirectory(store, 'e', '1')))).toEqual(['2', '4', '5', '6', '7', '8']);
});

test('nothing is pruned or stopped where there is nothing', async () => {
  const store = new Store(root);
  await pruneFleets(store, 'e', []);
  await stopOrphans(store);
  expect(readdirSync(root)).toEqual([]);
});

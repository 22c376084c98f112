import './after-all';

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clusterKinds } from './cluster-kinds';
import { scalingKinds } from './scaling-kinds';
import { servingModes } from './serving-modes';
import { sharedRegistry } from './shared-registry';

/** Each writes templates into a folder of its name. In one process, for the CDK takes longer to load than any of them. */
const WRITERS = { clusterKinds, scalingKinds, servingModes, sharedRegistry };

for (const [name, write] of Object.entries(WRITERS)) {
  const folder = join(process.argv[2] ?? '', name);
  mkdirSync(folder, { recursive: true });
  write(folder);
}

import './after-all';

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTERS, clusterStacks } from '../../unit/lib/clusters';

// Writes the templates of each kind of cluster, and of its network, into the folder that is named.
Object.values(CLUSTERS).forEach((cluster, index) => {
  const stacks = clusterStacks(cluster);
  for (const part of ['cluster', 'network'] as const) {
    const template = JSON.stringify(stacks[part].toJSON());
    writeFileSync(join(process.argv[2] ?? '', `${part}-${index}.template.json`), template);
  }
});

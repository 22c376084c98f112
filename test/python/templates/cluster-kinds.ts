import './after-all';

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eks } from '../../unit/config/cluster/smallest';
import { APPLIED, CLUSTERS, clusterStacks } from '../../unit/lib/clusters';

// Writes the templates of each kind of cluster, and of its network, into the folder that is named.
const kinds = [...Object.values(CLUSTERS).map((cluster) => clusterStacks(cluster)), clusterStacks(eks(), APPLIED)];
kinds.forEach((stacks, index) => {
  for (const part of ['cluster', 'network'] as const) {
    const template = JSON.stringify(stacks[part].toJSON());
    writeFileSync(join(process.argv[2] ?? '', `${part}-${index}.template.json`), template);
  }
});

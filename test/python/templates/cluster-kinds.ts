import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eks } from '../../unit/config/cluster/smallest';
import { APPLIED, CLUSTERS, clusterStacks } from '../../unit/lib/clusters';

/** Writes the templates of each kind of cluster, and of its network. */
export function clusterKinds(folder: string): void {
  const kinds = [...Object.values(CLUSTERS).map((cluster) => clusterStacks(cluster)), clusterStacks(eks(), APPLIED)];
  kinds.forEach((stacks, index) => {
    for (const part of ['cluster', 'network'] as const) {
      writeFileSync(join(folder, `${part}-${index}.template.json`), JSON.stringify(stacks[part].toJSON()));
    }
  });
}

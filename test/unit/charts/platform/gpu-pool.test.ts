import { environmentObjects, SHARED } from '../../../../charts/environment-files';
import { gpuPool } from '../../../../charts/platform/gpu-pool';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import { eks } from '../../config/cluster/smallest';
import { kubernetesModel, plane } from '../../config/kubernetes/smallest';
import { environment } from '../../config/smallest';
import { at } from '../served';

const gpus = { instanceFamilies: ['g6', 'g5'], maxGpus: 6, capacity: 'onDemand' } as const;

describe('the pool of nodes with GPUs', () => {
  test('has the families that were asked for, up to a number of GPUs, for pods that want them', () => {
    expect(gpuPool('dev', { ...gpus, instanceFamilies: [...gpus.instanceFamilies] })).toEqual({
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodePool',
      metadata: { name: 'mlops-dev-gpus' },
      spec: {
        template: {
          spec: {
            nodeClassRef: { group: 'eks.amazonaws.com', kind: 'NodeClass', name: 'default' },
            requirements: [
              { key: 'eks.amazonaws.com/instance-family', operator: 'In', values: ['g6', 'g5'] },
              { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
              { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
            ],
            taints: [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }],
          },
        },
        disruption: { consolidationPolicy: 'WhenEmpty', consolidateAfter: '10m' },
        limits: { 'nvidia.com/gpu': '6' },
      },
    });
  });

  test('is of spot instances where the environment says so', () => {
    const pool = gpuPool('dev', { instanceFamilies: ['g6'], maxGpus: 1, capacity: 'spot' });
    expect(at(pool, 'spec', 'template', 'spec', 'requirements', 1, 'values')).toEqual(['spot']);
  });

  test('is among the manifests of an environment on Auto Mode that asks for it, in no namespace', () => {
    const models = defineModels({ churn: kubernetesModel() });
    const shared = (capacity: ReturnType<typeof eks>['capacity']) => {
      const cluster = eks({ capacity });
      const dev = environment(['churn'], { planes: ['kubernetes'], kubernetes: plane(), cluster });
      return environmentObjects('dev', defineEnvironments(models, { dev }).dev, models)[SHARED]?.['nodes.yaml'];
    };
    const asked = { kind: 'autoMode', gpus: { instanceFamilies: ['g6'], maxGpus: 1 } } as const;
    expect(shared({ ...asked, gpus: { ...asked.gpus, instanceFamilies: ['g6'] } })).toMatchObject([
      { kind: 'NodePool', metadata: { name: 'mlops-dev-gpus' } },
    ]);
    expect(
      shared({ kind: 'autoMode', gpus: { instanceFamilies: ['g6'], maxGpus: 1 } })?.[0]?.metadata,
    ).not.toHaveProperty('namespace');
    expect(shared({ kind: 'autoMode' })).toBeUndefined();
  });
});

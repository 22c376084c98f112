import type { EksCluster } from '../../config/cluster/cluster';
import { PROJECT } from '../../core/names';
import type { KubernetesObject } from '../kubernetes-object';

type GpusOfAutoMode = NonNullable<Extract<EksCluster['capacity'], { kind: 'autoMode' }>['gpus']>;

const isIn = (key: string, values: readonly string[]) => ({ key, operator: 'In', values });

/**
 * Nodes with GPUs on EKS Auto Mode, which brings their driver and device plugin. Only pods that tolerate them get there, and
 * a node goes when it is empty: pods that are moved load their model anew.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-accelerated.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html
 */
export function gpuPool(
  environment: string,
  { instanceFamilies, maxGpus, capacity }: GpusOfAutoMode,
): KubernetesObject {
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name: `${PROJECT}-${environment}-gpus` },
    spec: {
      template: {
        spec: {
          nodeClassRef: { group: 'eks.amazonaws.com', kind: 'NodeClass', name: 'default' },
          requirements: [
            isIn('eks.amazonaws.com/instance-family', instanceFamilies),
            isIn('karpenter.sh/capacity-type', [capacity === 'spot' ? 'spot' : 'on-demand']),
            isIn('kubernetes.io/arch', ['amd64']),
          ],
          taints: [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }],
        },
      },
      disruption: { consolidationPolicy: 'WhenEmpty', consolidateAfter: '10m' },
      limits: { 'nvidia.com/gpu': String(maxGpus) },
    },
  } as KubernetesObject;
}

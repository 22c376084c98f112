import { z } from 'zod';
import type { Cluster } from '../cluster/cluster';
import { ObjectName } from './names';

/** @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/ */
const NODE_LOCAL_CACHE = '169.254.20.10/32';

/**
 * Nodes of EKS Auto Mode look names up themselves, at the tenth address of the range of Services, and no pod does. EKS chooses
 * one of these two ranges.
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html
 * @see https://github.com/aws/containers-roadmap/issues/2552
 */
const AUTO_MODE = ['10.100.0.10/32', '172.20.0.10/32'];

/** Who is asked for names: what pods may call on port 53. */
export const Dns = z
  .strictObject({
    /** Whose pods answer. @default ['kube-system'] */
    namespaces: z.array(ObjectName).default(['kube-system']),
    /**
     * What answers and isn't a pod with an address of its own, such as a cache on each node.
     * @default ['169.254.20.10/32'], the usual address of NodeLocal DNSCache
     */
    cidrs: z.array(z.union([z.cidrv4(), z.cidrv6()])).default([NODE_LOCAL_CACHE]),
  })
  .refine(({ namespaces, cidrs }) => namespaces.length + cidrs.length > 0, {
    error: 'pods have to look names up: give a namespace or an address',
  });
export type Dns = z.output<typeof Dns>;

/** Who answers in a cluster: what the environment says, and the nodes where they do. */
export function dnsOf(dns: Dns, cluster: Cluster | undefined): Dns {
  const autoMode = cluster?.kind === 'eks' && cluster.capacity.kind === 'autoMode';
  return autoMode ? { ...dns, cidrs: [...new Set([...dns.cidrs, ...AUTO_MODE])] } : dns;
}

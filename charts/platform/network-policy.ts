import type { INetworkPolicy, INetworkPolicyEgressRule } from 'kubernetes-models/networking.k8s.io/v1';
import { modelLabel } from '../labels';
import type { ServedModel } from '../served-model';
import { grpcPortOf } from '../server/grpc-port';
import { RUNTIMES } from '../server/runtimes';
import { entryOf } from './entry';

/** Where pods get the credentials of EKS Pod Identity. @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY_AGENT = '169.254.170.23/32';

const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const inRange = (cidr: string) => ({ ipBlock: { cidr } });

/** Who may call a model's pods, and what they may call: names, and the artefacts where they are downloaded. */
export function networkPolicy(model: ServedModel): INetworkPolicy {
  const { name, plane, dns, settings, stable, candidate } = model;
  const { engine, prometheus, callerNamespaces, download } = plane;
  const entry = entryOf(engine);
  const { ports } = RUNTIMES[settings.runtime];
  const called = [ports.http, grpcPortOf(model) ?? []].flat();
  const scraped = ports.metrics ?? ports.http;
  const scrapers = scraped === ports.http ? [prometheus.namespace] : [];
  const namespaces = [...new Set([...callerNamespaces, ...entry.namespaces, ...scrapers])];
  const callers = [...namespaces.map(inNamespace), ...entry.cidrs.map(inRange)];
  const downloads = [stable, candidate].map((release) => release?.artefact).filter((it) => it?.kind === 'download');
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: {
      podSelector: { matchLabels: { [modelLabel(engine)]: name } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        // An empty list of callers would be read as everybody.
        ...(callers.length > 0 ? [{ from: callers, ports: called.map(tcp) }] : []),
        ...(scraped === ports.http ? [] : [{ from: [inNamespace(prometheus.namespace)], ports: [tcp(scraped)] }]),
      ],
      egress: [
        {
          to: [...dns.namespaces.map(inNamespace), ...dns.cidrs.map(inRange)],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
        ...(downloads.length > 0 ? toArtefacts(download?.cidrs ?? []) : []),
      ],
    },
  };
}

const tcp = (port: number) => ({ protocol: 'TCP', port }) as const;

function toArtefacts(cidrs: readonly string[]): INetworkPolicyEgressRule[] {
  return [
    { to: cidrs.map(inRange), ports: [{ protocol: 'TCP', port: 443 }] },
    { to: [inRange(POD_IDENTITY_AGENT)], ports: [{ protocol: 'TCP', port: 80 }] },
  ];
}

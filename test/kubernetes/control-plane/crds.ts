import { readFileSync } from 'node:fs';
import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { waitUntil } from '../../../local/loop/wait-until';
import { crdFile } from '../build/program-paths';
import { PROGRAMS, type Program, type ProgramName } from '../build/programs';
import type { ApiClient } from './api-client';

const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Definition extends KubernetesObject {
  readonly spec: { readonly group: string; readonly names: { readonly kind: string } };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/**
 * Teaches an API server custom resources of the programs that are built with it.
 * @param isNeeded by group and kind: a server is quicker with fewer
 */
export async function loadCrds(
  api: ApiClient,
  isNeeded: (group: string, kind: string) => boolean = () => true,
): Promise<void> {
  const programs: Readonly<Record<ProgramName, Program>> = PROGRAMS;
  const definitions = (Object.keys(programs) as ProgramName[])
    .filter((name) => programs[name].crds)
    .flatMap((name) => JSON.parse(readFileSync(crdFile(name), 'utf8')) as Definition[])
    .filter(({ spec }) => isNeeded(spec.group, spec.names.kind));
  for (const definition of definitions) await api.ask('POST', PATH, definition);
  await waitUntil(
    async () => {
      const { items } = (await api.ask('GET', PATH)) as { items: readonly Definition[] };
      return items.every(isEstablished) || undefined;
    },
    () => 'not all CRDs are established after 120 s',
    { timeoutSeconds: 120 },
  );
}

function isEstablished({ status }: Definition): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') ?? false;
}

import type { KubernetesObject } from '../../../charts/kubernetes-object';
import type { ApiAnswer, ApiBody, ApiClient } from './api-client';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Finds where the objects of a kind are, and sends them there as `kubectl apply --server-side --validate=strict` does. */
export class Applier {
  private readonly found = new Map<string, Promise<readonly Resource[]>>();

  constructor(private readonly api: ApiClient) {}

  /** Whether the server knows a kind. */
  async serves({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Promise<boolean> {
    return (await this.resource(apiVersion, kind)) !== undefined;
  }

  /** @throws Error if the server doesn't know the kind */
  async path({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const resource = await this.resource(apiVersion, kind);
    if (!resource) throw new Error(`${apiVersion} ${kind}: the API server has no such kind`);
    const space = resource.namespaced ? `/namespaces/${metadata?.namespace ?? 'default'}` : '';
    return `${root(apiVersion)}${space}/${resource.name}`;
  }

  /** @returns the answer, whatever it is */
  async apply(object: KubernetesObject): Promise<ApiAnswer> {
    const path = `${await this.path(object)}/${object.metadata?.name}?fieldManager=charts&force=true&fieldValidation=Strict`;
    return this.api.send('PATCH', path, object, 'application/apply-patch+yaml');
  }

  /** @throws Error unless it is taken */
  async applied(...objects: readonly KubernetesObject[]): Promise<void> {
    for (const object of objects) {
      const { status, body } = await this.apply(object);
      if (status >= 300) throw new Error(`${object.kind} ${object.metadata?.name}: ${status}: ${body.message}`);
    }
  }

  async read(object: KubernetesObject): Promise<ApiBody> {
    return this.api.ask('GET', `${await this.path(object)}/${object.metadata?.name}`);
  }

  private async resource(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const known = this.found.get(apiVersion) ?? this.discover(apiVersion);
    this.found.set(apiVersion, known);
    return (await known).find((resource) => resource.kind === kind && !resource.name.includes('/'));
  }

  private async discover(apiVersion: string): Promise<readonly Resource[]> {
    const { status, body } = await this.api.send('GET', root(apiVersion));
    return status === 404 ? [] : ((body as { resources?: readonly Resource[] }).resources ?? []);
  }
}

const root = (apiVersion: string) => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

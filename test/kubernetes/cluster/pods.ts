import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../control-plane/api-client';

/** What the tests look at in a pod. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly {
      readonly name: string;
      readonly env?: readonly { readonly name: string; readonly value: string }[];
      readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
      readonly readinessProbe: { readonly httpGet: { readonly path: string } };
    }[];
    readonly volumes: readonly { readonly image?: { readonly reference: string } }[];
  };
  readonly status: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly object[];
  };
}

export function isReady({ status, metadata }: Pod): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && metadata.deletionTimestamp === undefined;
}

/** What happens in a pod, in place of a kubelet. */
export interface Inside {
  /** Told of all pods, each time that they are looked at. */
  readonly seen?: (pods: readonly Pod[]) => void;
  /** Called once it runs. */
  readonly start?: (pod: Pod) => Promise<void>;
  /** Asked again and again until it is. */
  readonly isReady: (pod: Pod) => Promise<boolean>;
  /** Called once it has gone. */
  readonly end?: (pod: Pod) => Promise<void>;
}

const EVERY_MS = 300;

/** Looks after the pods of an API server until it is stopped: starts what is inside, and tells when they are ready. */
export class PodWatch {
  private readonly started = new Map<string, Pod>();
  private stopped = false;
  private readonly loop: Promise<void>;
  private readonly faults: unknown[] = [];

  constructor(
    private readonly api: ApiClient,
    private readonly inside: Inside,
  ) {
    this.loop = this.watch();
  }

  /** Ends what is inside of pods. @throws Error if anything went wrong while it watched */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
    for (const pod of this.started.values()) await this.inside.end?.(pod);
    if (this.faults.length > 0) throw new AggregateError(this.faults, `pods: ${this.faults.join('; ')}`);
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      await this.look().catch((error) => this.faults.push(error));
      await delay(EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    const { items } = (await this.api.ask('GET', '/api/v1/pods')) as { items: readonly Pod[] };
    this.inside.seen?.(items);
    const there = new Set(items.map(({ metadata }) => metadata.uid));
    for (const [uid, pod] of this.started) {
      if (there.has(uid)) continue;
      this.started.delete(uid);
      await this.inside.end?.(pod);
    }
    for (const pod of items) {
      if (pod.status.phase !== 'Running' || pod.metadata.deletionTimestamp) continue;
      if (!this.started.has(pod.metadata.uid)) {
        this.started.set(pod.metadata.uid, pod);
        await this.inside.start?.(pod);
      }
      if (!isReady(pod) && (await this.inside.isReady(pod))) await this.markReady(pod);
    }
  }

  private async markReady({ metadata, status }: Pod): Promise<void> {
    const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '');
    const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True', lastTransitionTime }));
    const containerStatuses = status.containerStatuses?.map((it) => ({ ...it, ready: true, started: true }));
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`;
    const type = 'application/strategic-merge-patch+json';
    // It may have been deleted meanwhile.
    const { status: code } = await this.api.send('PATCH', path, { status: { conditions, containerStatuses } }, type);
    if (code >= 300 && code !== 404) throw new Error(`${path}: ${code}`);
  }
}

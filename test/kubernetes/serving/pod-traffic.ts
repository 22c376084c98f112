import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../control-plane/api-client';

interface Slice {
  readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly conditions: { ready?: boolean } }[];
  readonly ports?: readonly { readonly port: number }[];
}

/** Sends predictions to a Service: to each of its ready pods in turn, as kube-proxy does on average. */
export class PodTraffic {
  readonly statuses: Record<number, number> = {};
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(
    private readonly api: ApiClient,
    private readonly namespace: string,
    private readonly service: string,
    /** @default 10 */
    private readonly perSecond = 10,
  ) {
    this.loop = this.send();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async send(): Promise<void> {
    let turn = 0;
    let urls: readonly string[] = [];
    while (!this.stopped) {
      if (turn % this.perSecond === 0) urls = await this.urls();
      const url = urls[turn % Math.max(1, urls.length)];
      turn += 1;
      if (url) await this.ask(url);
      await delay(1000 / this.perSecond);
    }
  }

  private async urls(): Promise<readonly string[]> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${this.namespace}/endpointslices?labelSelector=kubernetes.io/service-name%3D${this.service}`;
    const { items } = (await this.api.ask('GET', path)) as { items: readonly Slice[] };
    return items.flatMap(({ endpoints, ports }) =>
      (endpoints ?? [])
        .filter(({ conditions }) => conditions.ready)
        .map(({ addresses }) => `http://${addresses[0]}:${ports?.[0]?.port}/invocations`),
    );
  }

  private async ask(url: string): Promise<void> {
    const body = JSON.stringify({ instances: [{ x: 150 }] });
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(5000);
    const status = await fetch(url, { method: 'POST', body, headers, signal }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      // A pod that has just ended.
      () => 0,
    );
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ApiBody, ApiClient } from '../control-plane/api-client';

const EVERY_MS = 300;
/** From one look of Flagger's to the next: its shortest, the step of the policy, and what is longer than the test. */
const PACES = { soon: '10s', step: '1m', later: '60m' } as const;

export interface CanaryStatus {
  readonly phase?: string;
  readonly canaryWeight?: number;
  readonly failedChecks?: number;
}

interface CanarySpec {
  readonly analysis: { readonly interval: string };
}

interface Route {
  readonly rules: readonly { readonly backendRefs: readonly { readonly name: string; readonly weight: number }[] }[];
}

/**
 * Looks at the Canary `churn` of a namespace, and remembers the weights that its route had. Flagger works off a release by
 * the clock of its steps, be there something to judge or not. The steps keep their minute here; for all else it is woken
 * as soon as it can go on.
 */
export class FlaggerWatch {
  /** `stable/candidate`, each that differs from the one before. */
  readonly weights: string[] = [];
  private stopped = false;
  private fault: unknown;
  private readonly loop: Promise<void>;

  constructor(
    private readonly api: ApiClient,
    private readonly namespace: string,
  ) {
    this.loop = this.watch().catch((fault) => {
      this.fault = fault;
    });
  }

  /** @throws Error if anything went wrong while it looked */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
    if (this.fault) throw this.fault;
  }

  /** @throws Error if anything went wrong while it looked */
  async status(): Promise<CanaryStatus> {
    if (this.fault) throw this.fault;
    return (await this.canary()).status ?? {};
  }

  private canary(): Promise<ApiBody> {
    return this.ofNamespace('flagger.app/v1beta1', 'canaries');
  }

  private async watch(): Promise<void> {
    while (!this.stopped) {
      await this.setPace();
      await this.lookAtWeights();
      await delay(EVERY_MS);
    }
  }

  private async setPace(): Promise<void> {
    const { spec, status } = (await this.canary()) as ApiBody & { spec: CanarySpec };
    const interval = await this.wanted(status ?? {});
    if (interval === spec.analysis.interval) return;
    const path = `/apis/flagger.app/v1beta1/namespaces/${this.namespace}/canaries/churn`;
    await this.api.ask('PATCH', path, { spec: { analysis: { interval } } }, 'application/merge-patch+json');
  }

  /** Flagger looks at once when its interval changes: after a step has begun, that would be too soon. */
  private async wanted({ phase, canaryWeight = 0, failedChecks = 0 }: CanaryStatus): Promise<string> {
    if (phase !== 'Progressing' || failedChecks > 0) return PACES.soon;
    return canaryWeight > 0 || (await this.isReady()) ? PACES.step : PACES.later;
  }

  private async isReady(): Promise<boolean> {
    const { metadata, spec, status } = (await this.ofNamespace('apps/v1', 'deployments')) as ApiBody & {
      metadata: { generation: number };
    };
    const replicas = Number(spec?.replicas);
    const { observedGeneration, updatedReplicas, availableReplicas } = status ?? {};
    const isCurrent = observedGeneration === metadata.generation;
    return isCurrent && replicas > 0 && updatedReplicas === replicas && availableReplicas === replicas;
  }

  private async lookAtWeights(): Promise<void> {
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${this.namespace}/httproutes/churn`;
    const { status, body } = await this.api.send('GET', path);
    if (status === 404) return;
    const [rule] = (body.spec as unknown as Route).rules;
    const weights = rule?.backendRefs.map(({ weight }) => weight).join('/') ?? 'no rule';
    if (weights !== this.weights.at(-1)) this.weights.push(weights);
  }

  private ofNamespace(apiVersion: string, resource: string): Promise<ApiBody> {
    return this.api.ask('GET', `/apis/${apiVersion}/namespaces/${this.namespace}/${resource}/churn`);
  }
}

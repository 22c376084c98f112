import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { AggregatorRegistry, type Registry } from 'prom-client';

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

interface Question {
  readonly kind: 'metrics-please';
  readonly id: string;
}
interface Answer {
  readonly kind: 'metrics';
  readonly id: string;
  /** Missing if a worker didn't answer in time. */
  readonly found?: Exposition;
}

/** A worker's channel to its parent. */
export interface Parent {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  send?(message: unknown, told: (error: Error | null) => void): boolean;
}

/** Gathers what all workers count. */
export interface ClusterRegistry {
  readonly contentType: string;
  clusterMetrics(): Promise<string>;
}

/** The sum of all processes can't be had. */
export class IncompleteError extends Error {
  override readonly name = 'IncompleteError';
}

const isQuestion = (message: unknown): message is Question =>
  (message as Question | undefined)?.kind === 'metrics-please';
const isAnswer = (message: unknown): message is Answer => (message as Answer | undefined)?.kind === 'metrics';

/** The text of one process. */
export function ownExposition(registry: Registry): () => Promise<Exposition> {
  return async () => ({ contentType: registry.contentType, text: await registry.metrics() });
}

/**
 * In a worker: the sum of all workers, which only their parent can gather. Prometheus asks whichever worker takes the
 * connection. What it gives rejects with an IncompleteError if one of them doesn't answer: a sum without it would look
 * like fewer requests.
 */
export function clusterExposition(registry: Registry, parent: Parent = process): () => Promise<Exposition> {
  AggregatorRegistry.setRegistries(registry);
  // It makes this worker answer its parent's questions.
  new AggregatorRegistry();
  const waiting = new Map<string, (answer: Answer) => void>();
  parent.on('message', (message) => {
    if (!isAnswer(message)) return;
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  return () =>
    new Promise((resolve, reject) => {
      const id = randomUUID();
      waiting.set(id, ({ found }) => {
        if (found) resolve(found);
        else reject(new IncompleteError('not every process told its metrics in time'));
      });
      // Told of a parent that is gone, Node throws where nobody listens.
      parent.send?.({ kind: 'metrics-please', id } satisfies Question, (error) => {
        if (error && waiting.delete(id)) reject(new IncompleteError(`the parent can't be asked, got ${error.message}`));
      });
    });
}

/** In the parent: answers the workers' questions. */
export function answerWorkers(registry: ClusterRegistry = new AggregatorRegistry()): void {
  cluster.on('message', (worker, message: unknown) => {
    if (!isQuestion(message)) return;
    const reply = (found?: Exposition) => {
      if (worker.isConnected()) worker.send({ kind: 'metrics', id: message.id, found } satisfies Answer);
    };
    registry.clusterMetrics().then(
      (text) => reply({ contentType: registry.contentType, text }),
      () => reply(),
    );
  });
}

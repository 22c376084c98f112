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
interface Answer extends Exposition {
  readonly kind: 'metrics';
  readonly id: string;
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
 * connection.
 */
export function clusterExposition(registry: Registry): () => Promise<Exposition> {
  AggregatorRegistry.setRegistries(registry);
  // It makes this worker answer its parent's questions.
  new AggregatorRegistry();
  const waiting = new Map<string, (answer: Answer) => void>();
  process.on('message', (message) => {
    if (!isAnswer(message)) return;
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  return () =>
    new Promise((resolve) => {
      const id = randomUUID();
      waiting.set(id, resolve);
      process.send?.({ kind: 'metrics-please', id } satisfies Question);
    });
}

/** In the parent: answers the workers' questions. */
export function answerWorkers(): void {
  const registry = new AggregatorRegistry();
  cluster.on('message', (worker, message: unknown) => {
    if (!isQuestion(message)) return;
    const reply = (text: string) => {
      if (worker.isConnected())
        worker.send({ kind: 'metrics', id: message.id, contentType: registry.contentType, text } satisfies Answer);
    };
    // A worker that is just ending doesn't answer in time; the next reading has it right.
    registry.clusterMetrics().then(reply, () => reply(''));
  });
}

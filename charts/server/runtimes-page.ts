import { type RuntimeName, unmeasured, WITH_GRPC } from '../../config/kubernetes/runtimes';
import { GUARDS_ON_KUBERNETES } from '../../config/kubernetes/watched-guards';
import { RUNTIMES } from './runtimes';
import type { ServerRuntime } from './server-runtime';
import { GRPC_SERVICE_PORT } from './service';

const HEAD = `<!-- Made by \`npm run docs:runtimes\` from charts/server/. Change the runtimes there. -->

# Which server answers

A model chooses its server by \`kubernetes.runtime\` in \`config/models.ts\`. The image is yours, by its digest, in
\`releases\` of the environment; for the first five it is ours
to build: [images.md](images.md). \`MODEL\`
stands for the model's name.`;

const QUERIES = `## Guards

A guard that a server's metrics can't answer is refused when the config is read, unless the environment lists it in
\`kubernetes.unwatchedGuards\`. A guard that is listed there is still asked of servers that do measure it.`;

const notes = () => `## What holds for all of them

- Predictions are asked for over HTTP, at the Service's port 80. gRPC is opened by \`kubernetes.grpc\` of a model, at port
  ${GRPC_SERVICE_PORT}, of ${WITH_GRPC.map(code).join(', ')} only; probes and metrics stay with HTTP.
- The root file system is read-only, the user is 10001. \`/tmp\` and \`/dev/shm\` can be written to.
- The model is mounted read-only: the root of the artefact lies at "model".
- A pod that ends waits 15 s before its server is told, so that nobody sends to it any more.
- What has to be a file to configure a server is a ConfigMap, and pods are replaced when it changes.`;

/** The runtimes as a page of the guide. */
export function runtimesPage(): string {
  const all = Object.entries(RUNTIMES) as readonly (readonly [RuntimeName, ServerRuntime])[];
  const page = [
    HEAD,
    table(
      ['runtime', 'server', 'speaks', 'ports', 'let in from outside', 'ready', 'alive', 'metrics'],
      all.map(([name, runtime]) => row(name, runtime)),
    ),
    QUERIES,
    table(
      ['runtime', ...GUARDS_ON_KUBERNETES],
      all.map(([name]) => [code(name), ...GUARDS_ON_KUBERNETES.map((guard) => answer(unmeasured(name, guard)))]),
    ),
    '## Model, proof and caution',
    table(
      ['runtime', 'model', 'the artefact holds', 'how we know', 'mind'],
      all.map(([name, { modelPath, artefact, proof, caution }]) => [
        code(name),
        code(modelPath('MODEL')),
        artefact,
        proof,
        caution ?? '',
      ]),
    ),
    notes(),
  ];
  return `${page.join('\n\n')}\n`;
}

function row(name: RuntimeName, runtime: ServerRuntime): readonly string[] {
  const { title, protocols, ports, publicPaths, readyPath, livePath = readyPath, metrics } = runtime;
  return [
    code(name),
    title,
    protocols,
    Object.entries(ports)
      .map(([port, number]) => `${number} ${port}`)
      .join(', '),
    publicPaths('MODEL').map(code).join(', '),
    code(readyPath('MODEL')),
    code(livePath('MODEL')),
    `${code(metrics.path)}: ${[...new Set([...metrics.answers, ...(metrics.latency ? [metrics.latency] : [])].map(({ metric }) => code(metric)))].join(', ')}`,
  ];
}

const code = (text: string) => `\`${text}\``;
const answer = (why: string | undefined) => (why ? `no: it ${why}` : 'yes');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

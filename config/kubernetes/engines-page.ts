import { ENGINE_FEATURES, ENGINES, type EngineFeature } from './engine-features';
import { ENGINE_PROOFS } from './engine-proofs';
import { GUARDS_ON_KUBERNETES } from './watched-guards';

/** The table of engines against features, as the page of the guide. */
export function enginesPage(): string {
  const rows = ENGINES.map((engine) => [
    engine,
    ...ENGINE_FEATURES.map(({ engines }) => (engines[engine] === true ? 'yes' : 'no')),
    ENGINE_PROOFS[engine],
  ]);
  const head = ['engine', ...ENGINE_FEATURES.map(({ id }) => `\`${id}\``), 'proof of its objects'];
  const features = ['## Features', ENGINE_FEATURES.map(feature).join('\n')];
  return `${[HEAD, table([head, head.map(() => '---'), ...rows]), ...features, GUARDS].join('\n\n')}\n`;
}

const HEAD = `<!-- Made by \`npm run docs:engines\` from config/kubernetes/engine-features.ts. Change the features there. -->

# Which rollout engine can do what

One rollout policy of a model goes to every engine. What an engine can't do and the policy asks for is refused when the
config is read, with the engines that can.`;

const GUARDS = `## Guards

${GUARDS_ON_KUBERNETES.map((guard) => `\`${guard}\``).join(', ')} are asked of Prometheus, the same query for every server. Other guards are
CloudWatch's: a rollout with one of them is refused until the environment lists it in \`kubernetes.unwatchedGuards\`. Too few
requests in a minute (\`minimumRequests\`), or none, are inconclusive and never healthy.`;

/** What it is, and who can't do it and why: engines with one reason together. */
function feature({ id, says, engines, otherwise }: EngineFeature): string {
  const reasons = new Map<string, string[]>();
  for (const engine of ENGINES) {
    const support = engines[engine];
    if (support !== true) reasons.set(support, [...(reasons.get(support) ?? []), engine]);
  }
  const refused = [...reasons].map(([reason, names]) => `  - not ${names.join(', ')}: ${reason}`);
  return [`- \`${id}\`: ${says}`, ...refused, ...(otherwise ? [`  - or else: ${otherwise}`] : [])].join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

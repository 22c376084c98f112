import { ENGINE_FEATURES, ENGINES } from './engine-features';
import { GUARDS_ON_KUBERNETES } from './watched-guards';

/** The table of engines against features, as the page of the guide. */
export function enginesPage(): string {
  const rows = ENGINE_FEATURES.map(({ id, says, engines, otherwise }) => {
    const cells = ENGINES.map((engine) => (engines[engine] === true ? 'yes' : `no: ${engines[engine]}`));
    return [`\`${id}\``, says, ...cells, otherwise ?? ''];
  });
  const head = ['feature', 'what it is', ...ENGINES, 'or else'];
  return `${[HEAD, table([head, head.map(() => '---'), ...rows]), GUARDS].join('\n\n')}\n`;
}

const HEAD = `<!-- Made by \`npm run docs:engines\` from config/kubernetes/engine-features.ts. Change the features there. -->

# Which rollout engine can do what

One rollout policy of a model goes to every engine. What an engine can't do and the policy asks for is refused when the
config is read, with the engines that can. "Or else" is what else helps.`;

const GUARDS = `## Guards

${GUARDS_ON_KUBERNETES.map((guard) => `\`${guard}\``).join(', ')} are asked of Prometheus, the same query for every server. Other guards are
CloudWatch's: a rollout with one of them is refused until the environment lists it in \`kubernetes.unwatchedGuards\`. Too few
requests in a minute (\`minimumRequests\`), or none, are inconclusive and never healthy.`;

function table(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

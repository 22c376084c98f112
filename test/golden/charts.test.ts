import type { Rollout } from '../../config/rollout';
import { ENGINE_SETTINGS, filesOf } from '../unit/charts/served';
import { expectGolden } from './expect-golden';

const canary = { kind: 'canary', percent: 10 } as const satisfies Partial<Rollout>;
const AUDIENCE: readonly (readonly [keyof typeof ENGINE_SETTINGS, number | undefined, readonly string[]])[] = [
  ['plain', 1, ['service', 'deployment']],
  ['gateway-api', 1, ['service', 'route', 'autoscaling']],
  ['argo-rollouts', undefined, ['analysis', 'rollout']],
  ['argo-rollouts with a gateway', undefined, ['service', 'route', 'rollout']],
  ['argo-rollouts with Istio', undefined, ['route', 'rollout']],
  ['argo-rollouts with ALB', undefined, ['route']],
  ['argo-rollouts with NGINX', undefined, ['route']],
  ['kserve', 1, ['queue-proxy', 'rollout']],
  ['seldon', 1, ['executor', 'rollout']],
  ['seldon-2', 1, ['servers', 'rollout']],
  ['flagger with a gateway', undefined, ['deployment', 'analysis', 'rollout']],
];

/** What stands in the manifests of all engines alike is shown once, with plain. */
function withoutPods(text: string, engine: string): string {
  if (engine === 'plain') return text;
  if (engine === 'seldon-2') {
    const alike = /^( *)(initContainers|securityContext|topologySpreadConstraints):\n(?:\1 +.*\n)+/gm;
    return text.replaceAll(alike, '$1$2: # as in kserve.yaml\n');
  }
  return text
    .replaceAll(/^( *)template:\n(?:\1 +.*\n)+/gm, '$1template: # as in plain.yaml\n')
    .replaceAll(/^( *- componentSpecs):\n(?: {8,}.*\n)+/gm, '$1: # with pods as in plain.yaml\n');
}

describe('the manifests of a model at the first step of a canary', () => {
  test.each(AUDIENCE)('are for %s as they were reviewed', (engine, step, files) => {
    const settings = ENGINE_SETTINGS[engine];
    const all = filesOf({ engine: settings, rollout: canary, step });
    const text = files.map((file) => `# churn/${file}.yaml\n${all[`churn/${file}.yaml`]}`).join('---\n');
    const [first = ''] = engine === 'plain' ? firstDeployment(text) : [text];
    expectGolden(`charts/${engine.toLowerCase().replaceAll(' ', '-')}.yaml`, withoutPods(first, engine));
  });
});

/** The candidate's Deployment differs from the stable one by its release only. */
function firstDeployment(text: string): string[] {
  const [, second = ''] = text.match(/(---\napiVersion: apps\/v1\nkind: Deployment[\s\S]*)$/) ?? [];
  return [text.replace(second, '')];
}

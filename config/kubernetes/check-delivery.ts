import type { Faults } from '../../core/faults';
import { needsDevicePlugin } from '../cluster/check-gpus';
import type { EnvironmentSpec } from '../environment-spec';
import type { ModelSpec } from '../model-spec';
import { neededPrograms, OLDEST_CHARTS, type Program } from './programs';
import type { KubernetesPlane } from './settings';

/** Minor versions of Kubernetes that the kubectl of the stack may talk to: its own, and the neighbours. */
const APPLIED_BY_CDK = ['1.34', '1.35', '1.36'];

/** Whether manifests can be applied the way the environment says, and what they need gets installed. */
export function checkDelivery(
  at: (path: string) => string,
  { cluster, models: names }: Pick<EnvironmentSpec, 'cluster' | 'models'>,
  plane: KubernetesPlane,
  models: Readonly<Record<string, ModelSpec>>,
  faults: Faults,
): void {
  const { delivery, programs } = plane;
  const ours = cluster?.kind === 'eks' ? cluster : undefined;
  if (delivery.kind === 'cdk' && !ours) {
    faults.add(
      at('kubernetes.delivery'),
      `cdk applies to a cluster of its own, got ${cluster?.kind ?? 'no cluster'}`,
      "use the cluster { kind: 'eks' }, or the delivery byHand, argo-cd or flux",
    );
  }
  if (delivery.kind === 'cdk' && ours && !APPLIED_BY_CDK.includes(ours.version)) {
    faults.add(
      at('cluster.version'),
      `cdk applies with kubectl 1.35, which talks to ${APPLIED_BY_CDK.join(', ')}, got ${ours.version}`,
      'use one of them, or another delivery: https://kubernetes.io/releases/version-skew-policy/',
    );
  }
  if (programs && delivery.kind === 'byHand') {
    faults.add(
      at('kubernetes.programs'),
      'are installed by whoever applies the manifests, got the delivery byHand',
      'use the delivery cdk, argo-cd or flux, or install them with helm and leave them out',
    );
  }
  for (const program of programs?.elsewhere ?? []) {
    if (!programs?.charts[program]) continue;
    faults.add(
      at('kubernetes.programs.elsewhere'),
      `somebody else installs what is listed here, got ${program}, which is in charts`,
      'keep one of the two',
    );
  }
  for (const [program, { version }] of Object.entries(programs?.charts ?? {})) {
    const oldest = OLDEST_CHARTS[program as Program];
    if (!oldest || !isOlder(version, oldest.version)) continue;
    faults.add(
      at(`kubernetes.programs.charts.${program}.version`),
      `is ${oldest.version} or newer (${oldest.why}), got ${version}`,
      'pin a newer chart',
    );
  }
  if (!ours || delivery.kind === 'byHand') return;
  const withGpus = names.some((name) => (models[name]?.kubernetes?.gpus ?? 0) > 0);
  const forGpus = withGpus && needsDevicePlugin(ours) ? (['nvidia-device-plugin'] as const) : [];
  for (const program of [...neededPrograms(plane), ...forGpus]) {
    if (programs?.charts[program] || programs?.elsewhere.includes(program)) continue;
    faults.add(
      at(`kubernetes.programs.charts.${program}`),
      'is needed by the manifests and a new cluster has none, got nothing',
      program === 'nvidia-device-plugin'
        ? 'pin its chart, list it in programs.elsewhere, or use an amiType of Bottlerocket, which brings its own'
        : 'pin its chart, or list it in programs.elsewhere',
    );
  }
}

/** Whether a version comes before another; what stands behind a hyphen doesn't count. */
function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) =>
    text
      .replace(/^v|-.*$/g, '')
      .split('.')
      .map(Number);
  const [major = 0, minor = 0, patch = 0] = numbers(version);
  const [oldMajor = 0, oldMinor = 0, oldPatch = 0] = numbers(than);
  return (major - oldMajor || minor - oldMinor || patch - oldPatch) < 0;
}

import { CHANGING } from './endpoint-status';
import type { LiveRelease, ModelPackage, ReleasePorts } from './ports';

export interface Verification {
  /** ARN of the release that is meant to serve, or `none`. */
  readonly release: string;
  /** One sentence each; none if all is as it should be. */
  readonly mismatches: readonly string[];
}

/**
 * Compares the last verified release with the release parameter and with what the endpoint serves: the package, the
 * EndpointConfig that the stack asked for, the images that really run and the artefact. Meant for a release that is
 * settled: while one is on its way, differences are no news.
 */
export async function verifyRelease(ports: ReleasePorts): Promise<Verification> {
  const [parameter, live, stack] = await Promise.all([
    ports.parameter.read(),
    ports.endpoint.live(),
    ports.stack.describe(),
  ]);
  const found = live.modelPackage.startsWith('arn:') ? await ports.packages.describe(live.modelPackage) : undefined;
  // Last, so that a promotion which begins meanwhile is seen.
  const held = await ports.state.load();
  const release = held?.state.live ?? parameter;
  if (held && !held.state.settled) return { release, mismatches: [] };
  const mismatches: string[] = [];
  if (parameter !== release)
    mismatches.push(`the release parameter says ${parameter}, the last verified release is ${release}`);
  if (live.modelPackage !== release) {
    mismatches.push(`the endpoint is ${live.endpointStatus} with ${live.modelPackage}, the release is ${release}`);
  } else if (live.endpointStatus === 'Failed' || live.endpointStatus === 'UpdateRollbackFailed') {
    mismatches.push(`the endpoint is ${live.endpointStatus}`);
  }
  // While the infrastructure is deployed, the stack's output is of before.
  const still = !stack.status.endsWith('_IN_PROGRESS') && !CHANGING.has(live.endpointStatus);
  if (still) mismatches.push(...differences(live, found, stack.endpointConfig));
  return { release, mismatches };
}

/** Where what runs isn't what its own package and the stack say. Facts that a service doesn't give are no difference. */
function differences(live: LiveRelease, found: ModelPackage | undefined, asked: string | null): string[] {
  const wrong: string[] = [];
  if (asked !== null && live.endpointConfig !== null && live.endpointConfig !== asked)
    wrong.push(`the endpoint has the EndpointConfig ${live.endpointConfig}, the stack asked for ${asked}`);
  const digest = found?.imageDigest ?? null;
  const others = live.imageDigests.filter((each) => each !== digest);
  if (digest !== null && others.length > 0)
    wrong.push(
      `the endpoint runs the image ${others.join(', ')}, version ${found?.version} was registered with ${digest}`,
    );
  const artefact = found?.artefact ?? null;
  if (artefact !== null && live.artefact !== null && live.artefact !== artefact)
    wrong.push(
      `the endpoint has the artefact ${live.artefact}, version ${found?.version} was registered with ${artefact}`,
    );
  return wrong;
}

import type { ReleasePorts } from './ports';

export interface Verification {
  /** ARN of the release that is meant to serve, or `none`. */
  readonly release: string;
  /** One sentence each; none if all is as it should be. */
  readonly mismatches: readonly string[];
}

/**
 * Compares the last verified release with the release parameter and with what the endpoint serves. Meant for a release
 * that is settled: while one is on its way, differences are no news.
 */
export async function verifyRelease(ports: ReleasePorts): Promise<Verification> {
  const [parameter, live] = await Promise.all([ports.parameter.read(), ports.endpoint.live()]);
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
  return { release, mismatches };
}

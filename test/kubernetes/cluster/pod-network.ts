import { networkInterfaces } from 'node:os';

/**
 * Addresses of pods. EndpointSlices take none of 127.0.0.0/8, so the tier runs in a network namespace of its own, in
 * which the loopback has these as well, and nothing leads out.
 */
export const POD_NETWORK = '10.244.0.0/16';

/** Words to put before a command, so that it runs in such a namespace. */
export function inPodNetwork(): readonly string[] {
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const script = `ip link set lo up && ip address add ${POD_NETWORK} dev lo && exec "$@"`;
  return ['unshare', '--net', ...user, 'sh', '-c', script, 'sh'];
}

/** @throws Error outside of the namespace */
export function requirePodNetwork(): void {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ cidr }) => cidr) ?? []);
  if (addresses.includes(POD_NETWORK)) return;
  throw new Error(
    `the network of pods: the loopback must have ${POD_NETWORK}, got ${addresses.join(', ')}; run npm run test:kubernetes`,
  );
}

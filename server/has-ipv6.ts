import { createServer } from 'node:net';

/**
 * Whether this machine can listen by IPv6: the kernel or a container may be without.
 * @param address @default every one of it, which are those of IPv4 as well
 */
export function hasIpv6(address = '::'): Promise<boolean> {
  return new Promise((found) => {
    const probe = createServer();
    probe.once('error', () => found(false));
    // Of this process alone: workers would else ask the one that has forked them.
    probe.listen({ host: address, port: 0, exclusive: true }, () => {
      probe.close(() => found(true));
    });
  });
}

import { networkInterfaces } from 'node:os';
import { hasIpv6 } from '../../../server/has-ipv6';

/** What the system lists. */
const isListed = (address: string) =>
  Object.values(networkInterfaces()).some((addresses = []) => addresses.some((one) => one.address === address));

describe('IPv6', () => {
  test('is there if its loopback can be listened on', async () => {
    expect(await hasIpv6('::1')).toBe(isListed('::1'));
  });

  test('is not there if the address is not, as where it is switched off', async () => {
    expect(await hasIpv6('2001:db8::1')).toBe(false);
  });
});

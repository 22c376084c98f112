import { z } from 'zod';

/** The longest name of most objects, and of a label's value: that of a DNS label. */
export const LONGEST_NAME = 63;

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names */
export const ObjectName = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    'a name in Kubernetes is lower-case letters, digits and hyphens, and begins with a letter',
  )
  .max(LONGEST_NAME);

/** Domain names and IP ranges that a cluster is told of. */
export const Domain = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, 'a domain looks like models.example.com')
  .max(200);

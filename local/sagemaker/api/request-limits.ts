import type { Json } from '../../../core/json';
import { type Breach, breachesOf, type LimitTable } from '../../../pipelines/shape/breach';
import type { Shape } from '../../../pipelines/shape/shape';
import { show } from '../../../pipelines/shape/show';
import { wirePath } from './parse-request';
import tables from './request-limits.json';

interface ServiceLimits {
  /** Shape of each action's request. */
  readonly actions: Readonly<Record<string, string>>;
  readonly shapes: LimitTable;
}

/** By the part of X-Amz-Target before the dot. */
const SERVICES = tables as unknown as Readonly<Record<string, ServiceLimits>>;

/**
 * What botocore's model of a service forbids in a request: bounds, patterns and enums, which the SDK's schemas lack.
 * @param targetPrefix of the service; one without a table has no limits
 * @returns sentences as the service words them
 */
export function limitViolations(targetPrefix: string, action: string, shape: Shape, request: Json): string[] {
  const service = Object.hasOwn(SERVICES, targetPrefix) ? SERVICES[targetPrefix] : undefined;
  const root = service && Object.hasOwn(service.actions, action) ? service.actions[action] : undefined;
  if (!service || root === undefined) return [];
  return breachesOf(service.shapes, root, request).map(
    (breach) =>
      `Value${valueOf(breach)} at '${wirePath(shape, breach.path)}' failed to satisfy constraint: ${rule(breach)}`,
  );
}

function valueOf(breach: Breach): string {
  return 'value' in breach ? ` '${show(breach.value).replace(/^"|"$/g, '')}'` : '';
}

function rule(breach: Breach): string {
  switch (breach.kind) {
    case 'too short':
    case 'too few':
      return `Member must have length greater than or equal to ${breach.bound}`;
    case 'too long':
    case 'too many':
      return `Member must have length less than or equal to ${breach.bound}`;
    case 'too small':
      return `Member must have value greater than or equal to ${breach.bound}`;
    case 'too large':
      return `Member must have value less than or equal to ${breach.bound}`;
    case 'no whole number':
      return 'Member must be a whole number';
    case 'not in the enum':
      return `Member must satisfy enum value set: [${breach.choices.join(', ')}]`;
    default:
      return `Member must satisfy regular expression pattern: ${breach.pattern}`;
  }
}

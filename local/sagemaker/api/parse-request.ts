import type { Json, JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';
import type { Shape } from './shape';

/**
 * Checks a request against the shape of its action and brings it into the form that operations read: absent members
 * left out, times as ISO strings.
 *
 * The service ignores members that it doesn't know. We refuse them: a member that a newer SDK sends would otherwise be
 * dropped without a word.
 * @param json as it came over the wire; times are seconds since 1970, or ISO strings from a call in-process
 * @throws ServiceError SerializationException for a value of the wrong type, ValidationException that lists everything
 *   that is missing or unknown
 */
export function parseRequest(shape: Shape, json: Json): JsonObject {
  const violations: string[] = [];
  const value = parse(shape, json, '', violations);
  if (violations.length > 0) {
    const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
    throw new ServiceError('ValidationException', `${count}: ${violations.join('; ')}`);
  }
  return value as JsonObject;
}

function parse(shape: Shape, value: Json, path: string, violations: string[]): Json {
  switch (shape.kind) {
    case 'structure':
      return structure(shape.members, object(value, path), path, violations);
    case 'list':
      if (!Array.isArray(value)) throw mismatch(value, path, 'a list');
      return (value as readonly Json[]).map((item, index) =>
        parse(shape.of(), required(item, `${path}.${index + 1}.member`), `${path}.${index + 1}.member`, violations),
      );
    case 'map':
      return Object.fromEntries(
        Object.entries(object(value, path)).map(([key, item]) => [
          key,
          parse(shape.of(), required(item, `${path}.${key}.member`), `${path}.${key}.member`, violations),
        ]),
      );
    case 'timestamp':
      return timestamp(value, path);
    case 'document':
      return value;
    default:
      // eslint-disable-next-line typescript/no-unsafe-comparison -- the kinds are the names that typeof gives
      if (typeof value !== shape.kind) throw mismatch(value, path, `a ${shape.kind}`);
      return value;
  }
}

function structure(
  members: ReadonlyMap<string, { shape: () => Shape; required: boolean }>,
  value: JsonObject,
  path: string,
  violations: string[],
): JsonObject {
  const parsed: Record<string, Json> = {};
  for (const [name, member] of members) {
    const given = value[name];
    const at = join(path, name);
    if (given !== undefined && given !== null) parsed[name] = parse(member.shape(), given, at, violations);
    else if (member.required)
      violations.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`);
  }
  for (const name of Object.keys(value))
    if (!members.has(name))
      violations.push(
        `Value at '${join(path, name)}' failed to satisfy constraint: Member must be one of [${[...members.keys()].join(', ')}]`,
      );
  return parsed;
}

/** The service writes members with a small first letter, and elements as `list.1.member`. */
function join(path: string, name: string): string {
  const camel = name.charAt(0).toLowerCase() + name.slice(1);
  return path === '' ? camel : `${path}.${camel}`;
}

function object(value: Json, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(value, path, 'a structure');
  return value as JsonObject;
}

function required(value: Json | undefined, path: string): Json {
  if (value === undefined || value === null) throw mismatch(null, path, 'an element');
  return value;
}

function timestamp(value: Json, path: string): string {
  const date = typeof value === 'number' ? new Date(value * 1000) : new Date(typeof value === 'string' ? value : NaN);
  if (Number.isNaN(date.getTime())) throw mismatch(value, path, 'a timestamp');
  return date.toISOString();
}

function mismatch(value: Json, path: string, wanted: string): ServiceError {
  const where = path === '' ? 'the request' : `'${path}'`;
  return new ServiceError(
    'SerializationException',
    `Value at ${where} can not be converted to ${wanted}, got ${describe(value)}`,
  );
}

function describe(value: Json): string {
  return JSON.stringify(value).slice(0, 100);
}

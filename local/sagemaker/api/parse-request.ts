import type { Json, JsonObject } from '../../../core/json';
import type { Shape } from '../../../pipelines/shape/shape';
import { show } from '../../../pipelines/shape/show';
import { type Path, type Violation, violationsOf } from '../../../pipelines/shape/violation';
import { ServiceError } from '../service-error';

/**
 * Checks a request against the shape of its action and brings it into the form that operations read: absent members
 * left out, times as ISO strings.
 *
 * The service ignores members that it doesn't know. We refuse them: a member that a newer SDK sends would otherwise be
 * dropped without a word.
 * @param json as it came over the wire; times are seconds since 1970, or ISO strings from a call in-process
 * @param limits says what else is wrong with a request whose values are of the right types
 * @throws ServiceError SerializationException for values of the wrong type, ValidationException that lists everything
 *   that is missing, unknown or beyond a limit
 */
export function parseRequest(
  shape: Shape,
  json: Json,
  limits: (request: Json) => readonly string[] = () => [],
): JsonObject {
  const violations = violationsOf(shape, json);
  const types = violations.filter(({ kind }) => kind === 'type');
  if (types.length > 0)
    throw new ServiceError('SerializationException', types.map((type) => sentence(shape, type)).join('; '));
  const sentences = [...violations.map((violation) => sentence(shape, violation)), ...limits(json)];
  if (sentences.length > 0) throw validationException(sentences);
  return parse(shape, json) as JsonObject;
}

/** As the service words it. */
export function validationException(violations: readonly string[]): ServiceError {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  return new ServiceError('ValidationException', `${count}: ${violations.join('; ')}`);
}

function sentence(shape: Shape, violation: Violation): string {
  const { kind, path } = violation;
  if (kind === 'type') {
    const at = path.length === 0 ? 'the request' : `'${wirePath(shape, path)}'`;
    return `Value at ${at} can not be converted to a ${violation.wanted}, got ${show(violation.value)}`;
  }
  const at = wirePath(shape, [...path, violation.member]);
  return kind === 'missing'
    ? `Value null at '${at}' failed to satisfy constraint: Member must not be null`
    : `Value at '${at}' failed to satisfy constraint: Member must be one of [${violation.known.join(', ')}]`;
}

/** The service writes members with a small first letter, and elements of a list as `list.1.member`. */
export function wirePath(shape: Shape, [part, ...rest]: Path): string {
  if (part === undefined) return '';
  const [text, inner] = step(shape, part);
  const after = inner && wirePath(inner, rest);
  return after ? `${text}.${after}` : text;
}

function step(shape: Shape, part: string | number): [string, Shape | undefined] {
  const text = String(part);
  switch (shape.kind) {
    case 'list':
      return [`${Number(part) + 1}.member`, shape.items()];
    case 'map':
      return [text, shape.values()];
    case 'structure':
      return [text.charAt(0).toLowerCase() + text.slice(1), shape.members.get(text)?.shape()];
    default:
      return [text, undefined];
  }
}

function parse(shape: Shape, value: Json): Json {
  switch (shape.kind) {
    case 'structure': {
      const given = value as JsonObject;
      const parsed: Record<string, Json> = {};
      for (const [name, member] of shape.members) {
        const inner = given[name];
        if (inner !== undefined && inner !== null) parsed[name] = parse(member.shape(), inner);
      }
      return parsed;
    }
    case 'list':
      return (value as readonly Json[]).map((item) => parse(shape.items(), item));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as JsonObject).map(([key, item]) => [key, parse(shape.values(), item as Json)]),
      );
    case 'timestamp':
      return (typeof value === 'number' ? new Date(value * 1000) : new Date(value as string)).toISOString();
    default:
      return value;
  }
}

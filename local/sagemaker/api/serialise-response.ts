import type { Json, JsonObject } from '../../../core/json';
import type { Shape } from '../../../pipelines/shape/shape';

/**
 * Brings an operation's answer into the form of the wire: only members that the shape has, times as seconds since
 * 1970 with milliseconds after the point.
 * @param value times in it are ISO strings
 * @param flaw hears of members that the shape doesn't have, which are dropped, and of required ones that are missing
 */
export function serialiseResponse(shape: Shape, value: JsonObject, flaw: (message: string) => void): JsonObject {
  return serialise(shape, value, '', flaw) as JsonObject;
}

function serialise(shape: Shape, value: Json, path: string, flaw: (message: string) => void): Json {
  switch (shape.kind) {
    case 'structure': {
      const given = value as JsonObject;
      const result: Record<string, Json> = {};
      for (const [name, member] of shape.members) {
        const inner = given[name];
        if (inner !== undefined && inner !== null)
          result[name] = serialise(member.shape(), inner, `${path}.${name}`, flaw);
        else if (member.required) flaw(`${path}.${name} is missing`);
      }
      for (const name of Object.keys(given))
        if (given[name] !== undefined && !shape.members.has(name))
          flaw(`${path}.${name} is not a member of the response`);
      return result;
    }
    case 'list':
      return (value as readonly Json[]).map((item, index) => serialise(shape.items(), item, `${path}[${index}]`, flaw));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as JsonObject)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, serialise(shape.values(), item as Json, `${path}.${key}`, flaw)]),
      );
    case 'timestamp':
      return typeof value === 'string' ? new Date(value).getTime() / 1000 : value;
    default:
      return value;
  }
}

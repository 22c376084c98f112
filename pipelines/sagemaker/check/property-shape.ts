import { nearest } from '../../shape/nearest';
import { type Shape, shapeOf } from '../../shape/shape';
import { isNamedList } from '../properties';
import type { PathPart } from './get-path';

/** Where a path into a job's description leads: a shape, or what is wrong with the path. */
export type PropertyShape =
  | { readonly shape: Shape; readonly problem?: undefined }
  | { readonly problem: string; readonly fix: string };

/** Follows a path through the shapes of the responses that make up a step's properties. */
export function propertyShape(schemas: readonly unknown[], path: readonly PathPart[]): PropertyShape {
  let shape: Shape = union(schemas);
  let list = '';
  for (const part of path) {
    const inner = partOf(shape, part, list);
    if ('problem' in inner && inner.problem !== undefined) return inner;
    shape = inner.shape;
    list = part.kind === 'member' ? part.name : '';
  }
  return { shape };
}

function partOf(shape: Shape, part: PathPart, list: string): PropertyShape {
  switch (part.kind) {
    case 'member': {
      const member = shape.kind === 'structure' ? shape.members.get(part.name) : undefined;
      if (member) return { shape: member.shape() };
      const known = shape.kind === 'structure' ? [...shape.members.keys()] : [];
      const meant = nearest(part.name, known);
      if (meant !== undefined) return { problem: `there is no ${part.name}`, fix: `read ${meant}` };
      const fix = known.length > 0 ? `read one of ${known.join(', ')}` : `end the path before .${part.name}`;
      return { problem: `there is no ${part.name} in a ${shape.kind}`, fix };
    }
    case 'index':
      if (shape.kind === 'list') return { shape: shape.items() };
      return { problem: `[${part.index}] is a position in a list, but this is a ${shape.kind}`, fix: 'leave it out' };
    default:
      if (shape.kind === 'map') return { shape: shape.values() };
      if (shape.kind === 'list' && isNamedList(list)) return { shape: shape.items() };
      return {
        problem: `['${part.name}'] is a key of a map, but this is a ${shape.kind}`,
        fix: shape.kind === 'list' ? 'give the position, as [0]' : 'leave it out',
      };
  }
}

function union(schemas: readonly unknown[]): Shape {
  const members = schemas.flatMap((schema) => {
    const shape = shapeOf(schema);
    return shape.kind === 'structure' ? [...shape.members] : [];
  });
  return { kind: 'structure', name: 'Properties', members: new Map(members) };
}

import type { Faults } from '../core/faults';
import { pascalCase } from '../core/names';

export interface DistinctNames {
  readonly names: readonly string[];
  /** Path of a name, for messages. */
  readonly where: (index: number) => string;
  /** What a name becomes. @default - a part of the id of a construct, in PascalCase */
  readonly become?: (name: string, index: number) => string;
  /** What has been made of something else already. @default [] */
  readonly taken?: readonly string[];
}

/** Adds each name that becomes what another one becomes, and so would be made twice or in the other's place. */
export function checkDistinct({ names, where, become = pascalCase, taken = [] }: DistinctNames, faults: Faults): void {
  const first = new Map<string, string>();
  names.forEach((name, index) => {
    const id = become(name, index);
    const other = first.get(id);
    if (taken.includes(id)) {
      faults.add(where(index), `becomes ${id}, which the stack has for something else, got ${name}`, 'rename it');
    } else if (other !== undefined) {
      faults.add(where(index), `becomes ${id}, as ${other} does, got ${name}`, 'rename one of the two');
    } else first.set(id, name);
  });
}

import { Ref } from './ref';

/** Lists of a job's description that are addressed by a name, as `Outputs['train']`. */
const NAMED_LISTS = ['Outputs', 'ProcessingInputs', 'FinalMetricDataList'] as const;
type NamedList = (typeof NAMED_LISTS)[number];

export function isNamedList(member: string): member is NamedList {
  return (NAMED_LISTS as readonly string[]).includes(member);
}

/** What a later step may read of a job: the members of its Describe response, each leaf a reference. */
export type Properties<T> = [T] extends [Date]
  ? Ref<string>
  : [T] extends [string]
    ? Ref<string>
    : [T] extends [number]
      ? Ref<number>
      : [T] extends [boolean]
        ? Ref<boolean>
        : T extends readonly (infer U)[]
          ? { at(index: number): Properties<U> }
          : string extends keyof T
            ? { key(name: string): Properties<T[keyof T]> }
            : {
                readonly [K in keyof T]-?: K extends NamedList
                  ? NonNullable<T[K]> extends readonly (infer U)[]
                    ? { named(name: string): Properties<U> }
                    : never
                  : Properties<NonNullable<T[K]>>;
              };

/**
 * Follows members by their names and makes a reference of where it arrives, so that `step.properties.A.B` reads
 * `Steps.step.A.B`.
 */
export function propertiesOf<T>(path: string): Properties<T> {
  return new Proxy(new Ref({ Get: path }), {
    get(ref, member) {
      if (typeof member === 'symbol' || member in ref) return Reflect.get(ref, member) as unknown;
      if (member === 'at') return (index: number) => propertiesOf(`${path}[${index}]`);
      // Members begin with a capital: whatever else is asked for, such as `then` by await, isn't one.
      if (!/^[A-Z]/.test(member) && member !== 'key' && member !== 'named') return undefined;
      if (member === 'key' || member === 'named') return (name: string) => propertiesOf(`${path}['${name}']`);
      return propertiesOf(`${path}.${member}`);
    },
  }) as Properties<T>;
}

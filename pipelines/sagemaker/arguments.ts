import type { Primitive, Ref } from './ref';
import type { Deferred } from './token';

/**
 * A request of the SDK in which every leaf may also be a reference, or an object of the CDK. The CDK's string and number
 * tokens already are strings and numbers; at an enum a string token has to be an `IResolvable`, which is the price for
 * enums being checked.
 *
 * A reference can't stand for a list or a structure. Members that the SDK declares `T | undefined` without a question
 * mark are required.
 */
export type Arguments<T> = [T] extends [string]
  ? T | Ref<string> | Deferred
  : [T] extends [number]
    ? number | Ref<number> | Deferred
    : [T] extends [boolean]
      ? boolean | Ref<boolean> | Deferred
      : [T] extends [Primitive]
        ? T | Ref<Primitive> | Deferred
        : [T] extends [Date]
          ? string | Ref<string> | Deferred
          : T extends readonly (infer U)[]
            ? readonly Arguments<U>[]
            : T extends object
              ? { readonly [K in keyof T]: Arguments<Exclude<T[K], undefined>> }
              : T;

import type { JsonObject } from '../../core/json';

/** Answers one action, for example `CreateModel`. The input has passed the shape check of the SDK's schema. */
export type Operation = (input: JsonObject) => Promise<JsonObject> | JsonObject;

/** The actions that one module answers, by the name of the action. */
export type Operations = Readonly<Record<string, Operation>>;

/** Reaches an action of any module from within this process. Times are ISO strings in both directions. */
export type Call = (action: string, input: JsonObject) => Promise<JsonObject>;

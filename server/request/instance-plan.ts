import type { Column } from '../model/column';
import { type Place, placesOf } from '../rows/packed-table';

/** A column as it is looked for in a body. */
export interface PlannedColumn {
  readonly name: string;
  /** The name as it is in JSON. */
  readonly key: Uint8Array;
  readonly isWord: boolean;
  /** Among the columns of its kind. */
  readonly at: number;
  readonly required: boolean;
  readonly minimum: number;
  readonly maximum: number;
  /** Words that the model knows. */
  readonly categories?: ReadonlySet<string>;
}

/** What is the same for all bodies of a model. */
export interface InstancePlan {
  readonly places: readonly Place[];
  /** Of each kind. */
  readonly words: number;
  readonly numbers: number;
  /** Bytes of a row, at least. */
  readonly shortest: number;
  /** As the body before had them, which a client seldom changes. */
  order: readonly PlannedColumn[];
}

const plans = new WeakMap<readonly Column[], InstancePlan | 'none'>();

/** @returns undefined for columns of other types than words and doubles */
export function instancePlan(columns: readonly Column[]): InstancePlan | undefined {
  const known = plans.get(columns) ?? planned(columns) ?? 'none';
  plans.set(columns, known);
  return known === 'none' ? undefined : known;
}

function planned(columns: readonly Column[]): InstancePlan | undefined {
  if (columns.length === 0 || columns.some(({ type }) => type !== 'string' && type !== 'float64')) return undefined;
  const places = placesOf(columns);
  const order = columns.map((column, index): PlannedColumn => {
    const { name, required, minimum = -Infinity, maximum = Infinity, categories } = column;
    const key = Buffer.from(JSON.stringify(name));
    return { name, key, ...(places[index] as Place), required, minimum, maximum, categories };
  });
  const words = places.filter(({ isWord }) => isWord).length;
  return {
    places,
    words,
    numbers: columns.length - words,
    // A colon, a digit and a comma a cell, and a brace.
    shortest: order.reduce((length, { key }) => length + key.length + 3, 1),
    order,
  };
}

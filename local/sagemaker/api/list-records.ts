import type { Json, JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';
import { type Page, page, type SortKey } from './page';

export interface ListProps<T> {
  readonly records: readonly T[];
  readonly input: JsonObject;
  /** What NameContains looks at, and what orders records of the same time. */
  readonly nameOf: (record: T) => string;
  /**
   * Tells records of the same name apart.
   * @default names are unique
   */
  readonly tieBreaker?: (record: T) => SortKey;
  /** By the value of SortBy, what it sorts by. ISO strings sort as the times that they stand for. */
  readonly sortBy: Readonly<Record<string, (record: T) => string>>;
  /** @default 'CreationTime' */
  readonly defaultSortBy?: string;
  readonly defaultOrder: 'Ascending' | 'Descending';
}

interface Timed {
  readonly CreationTime: string;
  readonly LastModifiedTime?: string;
}

/**
 * What the service's List actions have in common: NameContains, filters on times, SortBy, SortOrder, and pages.
 * The bounds of a time filter are not part of the result.
 */
export function listRecords<T extends Timed>(props: ListProps<T>): Page<T> {
  const { records, input, nameOf, tieBreaker = () => [], sortBy, defaultSortBy = 'CreationTime', defaultOrder } = props;
  const by = text(input.SortBy) ?? defaultSortBy;
  const sortKey = sortBy[by];
  if (!sortKey) throw notIn('sortBy', by, Object.keys(sortBy));
  const order = text(input.SortOrder) ?? defaultOrder;
  if (order !== 'Ascending' && order !== 'Descending') throw notIn('sortOrder', order, ['Ascending', 'Descending']);
  const contains = text(input.NameContains);
  return page({
    items: records.filter(
      (record) =>
        (contains === undefined || nameOf(record).toLowerCase().includes(contains.toLowerCase())) &&
        between(record.CreationTime, input.CreationTimeAfter, input.CreationTimeBefore) &&
        between(record.LastModifiedTime, input.LastModifiedTimeAfter, input.LastModifiedTimeBefore),
    ),
    keyOf: (record) => [sortKey(record), nameOf(record), ...tieBreaker(record)],
    descending: order === 'Descending',
    input,
  });
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function between(time: string | undefined, after: Json | undefined, before: Json | undefined): boolean {
  return (
    (typeof after !== 'string' || (time !== undefined && time > after)) &&
    (typeof before !== 'string' || (time !== undefined && time < before))
  );
}

function notIn(member: string, value: string, set: readonly string[]): ServiceError {
  return new ServiceError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${set.join(', ')}]`,
  );
}

import { ServiceError } from '../service-error';
import type { Collection, Store } from '../store';

export type Tag = {
  readonly Key: string;
  readonly Value: string;
};

/** The service's limit on a resource's tags. */
const MOST_TAGS = 50;

/** The tags of each resource, by its ARN. They say nothing of whether the resource exists. */
export class Tags {
  private readonly collection: Collection<{ readonly tags: readonly Tag[] }>;

  constructor(store: Store) {
    this.collection = store.collection('tags');
  }

  of(arn: string): readonly Tag[] {
    return this.collection.get(arn)?.tags ?? [];
  }

  /** Gives a new resource its tags, in place of those that an earlier resource of the same name left. */
  replace(arn: string, tags: readonly Tag[]): void {
    if (tags.length === 0) this.collection.delete(arn);
    else this.collection.put(arn, { tags });
  }

  /** @returns all tags of the resource */
  add(arn: string, tags: readonly Tag[]): Tag[] {
    checkTags(tags);
    const merged = new Map([...this.of(arn), ...tags].map((tag) => [tag.Key, tag]));
    if (merged.size > MOST_TAGS)
      throw new ServiceError(
        'ResourceLimitExceeded',
        `A resource has at most ${MOST_TAGS} tags, got ${merged.size} for ${arn}`,
      );
    this.replace(arn, [...merged.values()]);
    return [...merged.values()];
  }

  remove(arn: string, keys: readonly string[]): void {
    this.replace(
      arn,
      this.of(arn).filter(({ Key }) => !keys.includes(Key)),
    );
  }
}

/** @throws ServiceError ValidationException if there are too many tags, or two of the same key */
export function checkTags(tags: readonly Tag[]): void {
  if (tags.length > MOST_TAGS)
    throw new ServiceError('ValidationException', `Tags: must be at most ${MOST_TAGS}, got ${tags.length}`);
  const keys = new Set<string>();
  for (const { Key } of tags) {
    if (keys.has(Key))
      throw new ServiceError('ValidationException', `Tags: each key may be given once, got ${Key} twice`);
    keys.add(Key);
  }
}

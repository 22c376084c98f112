/** Something that nothing uses. */
export interface Pruned {
  readonly kind: 'python-environment' | 'image' | 'model-artifact';
  readonly path: string;
  /** On disk. A file that has other names elsewhere, as in the cache of uv, counts too. */
  readonly bytes: number;
}

export interface PruneAge {
  /** What was used since stays, in milliseconds since 1970. */
  readonly usedBefore: number;
  /** Whether to say only what would go. */
  readonly dryRun: boolean;
}

import type { Settings } from './settings';

/**
 * Of a process's part of the memory: the rest holds the model, bodies and tensors, which lie outside of V8's heap. Node
 * gives each process a heap for the whole container, so that several together would be killed before they collect.
 */
const HEAP_SHARE = 0.5;
/** With less V8 hardly starts. */
const LEAST_MB = 64;

/** What Node is told for each of several processes; nothing where the memory isn't limited. */
export function heapFlags({ memoryMb, workers }: Pick<Settings, 'memoryMb' | 'workers'>): string[] {
  if (memoryMb === undefined) return [];
  return [`--max-old-space-size=${Math.max(LEAST_MB, Math.floor((memoryMb * HEAP_SHARE) / workers))}`];
}

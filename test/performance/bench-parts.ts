import type { BenchPart } from './bench-part';

/** In the order in which `npm run bench` runs them. Loaded when they are run: few need what the others import. */
export const BENCH_PARTS: Readonly<Record<string, () => Promise<BenchPart>>> = {
  server: async () => (await import('./server/server-part')).serverPart,
  executor: async () => (await import('./executor/executor-part')).executorPart,
};

import type { BenchPart } from './bench-part';

/** In the order in which `npm run bench` runs them. Loaded when they are run: few need what the others import. */
export const BENCH_PARTS: Readonly<Record<string, () => Promise<BenchPart>>> = {
  server: async () => (await import('./server/server-part')).serverPart,
  synth: async () => (await import('./synth/synth-part')).synthPart,
  executor: async () => (await import('./executor/executor-part')).executorPart,
  suite: async () => (await import('./suite/suite-part')).suitePart,
  loop: async () => (await import('./loop/loop-part')).loopPart,
  'data-plane': async () => (await import('./data-plane/data-plane-part')).dataPlanePart,
};

import type { PythonLock } from '../measure/bench-place';
import type { BenchModel } from './bench-model';
import type { Protocol } from './protocol';
import type { Launch } from './server-process';

export interface LaunchPlace {
  readonly root: string;
  readonly model: BenchModel;
  /** A folder of its own, for what the server writes and is configured by. */
  readonly folder: string;
  readonly port: number;
  /** Of its own environment; empty for a server in TypeScript. */
  readonly python: string;
}

/** A server that is measured. */
export interface Contestant {
  /** Of --only. */
  readonly id: string;
  readonly title: string;
  /** Where its packages come from. @default - those of package-lock.json */
  readonly lock?: PythonLock;
  /** Packages whose versions stand in the table. */
  readonly packages: readonly string[];
  /** Path that is answered by 200 as soon as it can predict. */
  readonly ready: string;
  readonly protocol: Protocol;
  /** False for a bare echo. */
  readonly predicts: boolean;
  launch(place: LaunchPlace): Launch;
}

import { relative } from 'node:path';
import type { Output } from '../output';

/** A field that a controller changes in the cluster, and that isn't compared. */
export interface MovedField {
  /** Empty for Kubernetes' own first one. */
  readonly group: string;
  readonly kind: string;
  /** As jq writes it. */
  readonly path: string;
  /** Takes it out of an object, which is changed. */
  readonly takeOut: (object: unknown) => void;
}

/** What was written of one environment. */
export interface WrittenCharts {
  readonly name: string;
  readonly folder: string;
  readonly files: number;
  /** Models without a release, and so without manifests. */
  readonly unreleased: readonly string[];
  /** Of the environment's engine. */
  readonly moved: readonly MovedField[];
}

/**
 * Writes manifests into a folder. The entry point hands it over, for nothing else may know both the commands and cdk8s.
 * @param only the one environment that is written. @default - all of them
 */
export type WriteCharts = (out: string, only?: string) => Promise<readonly WrittenCharts[]>;

/** Says what was written, and what is missing. */
export function printWritten(written: readonly WrittenCharts[], out: Output): void {
  if (written.length === 0) out.note('no environment has the plane kubernetes: docs/guide/kubernetes.md');
  for (const { name, folder, files, unreleased } of written) {
    out.line(`${relative(process.cwd(), folder)}: ${files} files`);
    for (const model of unreleased)
      out.note(`${name}: ${model} has no release yet; write one into kubernetes.releases`);
  }
}

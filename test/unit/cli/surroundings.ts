import { resolve } from 'node:path';
import type { Surroundings } from '../../../cli/output';

export interface Recorded extends Surroundings {
  readonly lines: string[];
  readonly notes: string[];
}

/** Surroundings that keep what a command writes. */
export function surroundings(environment: Surroundings['environment'] = {}): Recorded {
  const lines: string[] = [];
  const notes: string[] = [];
  return {
    lines,
    notes,
    out: { line: (text) => void lines.push(text), note: (text) => void notes.push(text) },
    environment,
    repository: resolve(__dirname, '../../..'),
    interactive: false,
    now: () => new Date('2026-01-02T03:04:05Z'),
    onInterrupt: () => undefined,
  };
}

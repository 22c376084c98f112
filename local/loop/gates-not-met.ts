import type { Evaluation } from '../../core/evaluation';
import type { Execution } from './execution';
import type { GateResult } from './gate-results';

/** The pipeline ran and turned the model down: nothing was registered, what served goes on serving. */
export class GatesNotMet extends Error {
  constructor(
    message: string,
    readonly judged: {
      readonly execution: Execution;
      readonly evaluation: Evaluation;
      readonly gates: readonly GateResult[];
    },
  ) {
    super(message);
    this.name = 'GatesNotMet';
  }
}

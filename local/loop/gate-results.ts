import type { Gate } from '../../config/model-spec';
import type { Evaluation } from '../../core/evaluation';
import type { Summary } from './summary';

export type GateResult = Summary['gates'][number];

/** Each gate of the config beside what was measured. A metric that is missing counts as not passed. */
export function gateResults(gates: readonly Gate[], evaluation: Evaluation): GateResult[] {
  return gates.map((gate) => {
    const value = evaluation.metrics[gate.metric]?.value ?? Number.NaN;
    return 'atLeast' in gate
      ? { metric: gate.metric, bound: 'atLeast', threshold: gate.atLeast, value, passed: value >= gate.atLeast }
      : { metric: gate.metric, bound: 'atMost', threshold: gate.atMost, value, passed: value <= gate.atMost };
  });
}

/** For example `roc_auc 0.701 ≥ 0.66`. */
export function describeGate({ metric, bound, threshold, value, passed }: GateResult): string {
  const sign = bound === 'atLeast' ? (passed ? '≥' : '<') : passed ? '≤' : '>';
  return `${metric} ${value.toFixed(3)} ${sign} ${threshold}`;
}

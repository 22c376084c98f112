import type { Gate } from '../../config/model-spec';
import type { Evaluation } from '../../core/evaluation';
import { gateParameterName } from '../../pipelines/gate-parameter-name';
import type { Summary } from './summary';

export type GateResult = Summary['gates'][number];

/**
 * Each gate of the config beside what was measured. A metric that is missing counts as not passed.
 * @param parameters of the execution: they say which bounds it was held to. @default those of the config
 */
export function gateResults(
  gates: readonly Gate[],
  evaluation: Evaluation,
  parameters: Readonly<Record<string, string>> = {},
): GateResult[] {
  return gates.map((gate) => {
    const { metric } = gate;
    const value = evaluation.metrics[metric]?.value ?? Number.NaN;
    const chosen = parameters[gateParameterName(gate)];
    const bound = 'atLeast' in gate ? 'atLeast' : 'atMost';
    const threshold = chosen === undefined ? ('atLeast' in gate ? gate.atLeast : gate.atMost) : Number(chosen);
    return { metric, bound, threshold, value, passed: bound === 'atLeast' ? value >= threshold : value <= threshold };
  });
}

/** For example `roc_auc 0.701 ≥ 0.66`. */
export function describeGate({ metric, bound, threshold, value, passed }: GateResult): string {
  const sign = bound === 'atLeast' ? (passed ? '≥' : '<') : passed ? '≤' : '>';
  return `${metric} ${value.toFixed(3)} ${sign} ${threshold}`;
}

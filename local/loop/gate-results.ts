import { gateParameterName } from '../../config/gate-parameter-name';
import type { Gate } from '../../config/model-spec';
import type { Evaluation } from '../../core/evaluation';
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
    const champion = championResult(gate, evaluation);
    const kept = bound === 'atLeast' ? value >= threshold : value <= threshold;
    return {
      metric,
      bound,
      threshold,
      value,
      passed: kept && champion?.beaten !== false,
      ...(champion && { champion }),
    };
  });
}

function championResult({ metric, beatsChampion }: Gate, { champion }: Evaluation): GateResult['champion'] {
  if (!beatsChampion) return undefined;
  const challenge = champion?.challenges[metric];
  const { confidence, margin } = challenge ?? beatsChampion;
  return { confidence, margin, low: challenge?.low ?? null, beaten: challenge?.beaten === 1 };
}

/** For example `roc_auc 0.701 ≥ 0.66, beats the champion by 0.004 at least (95 %)`. */
export function describeGate({ metric, bound, threshold, value, champion }: GateResult): string {
  const kept = bound === 'atLeast' ? value >= threshold : value <= threshold;
  const sign = bound === 'atLeast' ? (kept ? '≥' : '<') : kept ? '≤' : '>';
  return `${metric} ${value.toFixed(3)} ${sign} ${threshold}${champion ? `, ${describeChampion(champion)}` : ''}`;
}

function describeChampion({ confidence, margin, low, beaten }: NonNullable<GateResult['champion']>): string {
  if (low === null) return beaten ? 'no champion to beat yet' : 'not compared with the champion';
  const sure = `${Number((100 * confidence).toFixed(1))} %`;
  return beaten
    ? `beats the champion by ${low.toFixed(4)} at least (${sure})`
    : `does not beat the champion by more than ${margin}: ${low.toFixed(4)} at least (${sure})`;
}

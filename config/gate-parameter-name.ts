import type { Gate } from './model-spec';

/** Parameter of the standard pipeline that holds a gate's bound, for example `GateRocAucAtLeast`. */
export function gateParameterName(gate: Gate): string {
  const metric = gate.metric
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return `Gate${metric}${'atLeast' in gate ? 'AtLeast' : 'AtMost'}`;
}

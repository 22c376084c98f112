import { describeLevel } from '../../local/load/rising-load';
import type { Proposal } from './capacity';
import type { LoadPlan } from './load-plan';

/** The plan for whoever edits the config: what to put where, how it was worked out, and what it doesn't know. */
export function printPlan(plan: LoadPlan, model: string, environmentName: string): readonly string[] {
  const { request, best, proposal, workers, machine, memoryGib } = plan;
  const { vcpuFactor, headroomPercent } = request;
  const memory = memoryGib === null ? 'memory unknown' : `${memoryGib.toFixed(2)} GiB`;
  const busy = Math.min(workers, proposal.vcpus);
  return [
    `config/models.ts, ${model}:`,
    `  serving: { …, instanceType: '${proposal.instanceType}' },`,
    `  autoscaling: { kind: 'invocations', perInstancePerMinute: ${proposal.invocationsPerInstancePerMinute} },`,
    `config/environments.ts, ${environmentName}:`,
    `  instances: { min: ${proposal.min}, max: ${proposal.max} },`,
    '',
    'How it was worked out:',
    `  measured      ${describeLevel(best)}; ${best.answered} answers in ${request.repeats} windows of ${request.windowSeconds} s`,
    `  the server    ${workers} ${workers === 1 ? 'worker' : 'workers'}, ${memory}; this machine has ${machine.processors} processors (${machine.model})`,
    `  an instance   ${proposal.rpsPerInstance.toFixed(1)} a second: ${busy} busy of ${proposal.vcpus} vCPUs, times ${vcpuFactor}, less ${headroomPercent} % head-room`,
    `  min           ${request.rps} a second with one instance lost, and one in each of two zones`,
    `  max           ${request.peakRps} a second with one instance lost`,
    `  the type      fewest vCPUs in all, then least memory, of those that fit`,
    ...plan.alternatives.map((other) => `  or            ${describe(other)}`),
    '',
    'What it does not know:',
    `  - a processor here is no vCPU there: measure one, and give --vcpu-factor (now ${vcpuFactor})`,
    '  - cost is not computed: prices differ by region, and none are at hand without a network',
    '  - every request had one row and came from this machine: network, data capture and bursts are what the head-room is for',
    ...(workers < proposal.vcpus
      ? [
          `  - the server has ${workers} of ${proposal.vcpus} vCPUs busy: SAGEMAKER_MODEL_SERVER_WORKERS of the model package says how many`,
        ]
      : []),
  ];
}

function describe({ instanceType, min, max, invocationsPerInstancePerMinute }: Proposal): string {
  return `${instanceType}, ${min} to ${max} instances, ${invocationsPerInstancePerMinute} a minute each`;
}

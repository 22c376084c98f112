import type { JsonObject } from '../../../core/json';
import { ServiceError } from '../service-error';
import type { ExecutionRecord, StepRecord } from './execution-record';
import { ancestors, type Graph, predecessors } from './graph';

/** The steps that a selective execution runs; undefined if all are to run. */
export function selectedSteps({
  SelectiveExecutionConfig,
}: Pick<ExecutionRecord, 'SelectiveExecutionConfig'>): Set<string> | undefined {
  if (SelectiveExecutionConfig === undefined) return undefined;
  const steps = SelectiveExecutionConfig.SelectedSteps as readonly { readonly StepName: string }[];
  return new Set(steps.map(({ StepName }) => StepName));
}

/**
 * What a selective execution takes over from its source: the steps before the selected ones.
 * @param source undefined if there is no earlier execution
 * @throws ServiceError ValidationException
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-selective-ex.html
 */
export function takenSteps(graph: Graph, config: JsonObject, source: ExecutionRecord | undefined): StepRecord[] {
  const selected = selectedSteps({ SelectiveExecutionConfig: config }) ?? new Set<string>();
  const faults = [...selected]
    .filter((name) => !graph.has(name))
    .map((name) => `SelectedSteps: the pipeline has no step ${name}; it has ${[...graph.keys()].join(', ')}`);
  refuse(faults);
  for (const name of graph.keys()) {
    if (selected.has(name)) continue;
    const follows = [...ancestors(graph, name)].find((before) => selected.has(before));
    const precedes = [...selected].find((after) => ancestors(graph, after).has(name));
    if (follows !== undefined && precedes !== undefined)
      faults.push(`SelectedSteps: ${name} stands between ${follows} and ${precedes}; select it too`);
  }
  refuse(faults);
  const needed = new Set(
    [...selected].flatMap((name) => {
      const node = graph.get(name);
      return node ? predecessors(node).filter((before) => !selected.has(before)) : [];
    }),
  );
  if (needed.size === 0) return [];
  if (!source)
    throw new ServiceError(
      'ValidationException',
      `SelectiveExecutionConfig: ${[...needed].join(', ')} must come from an earlier execution, got none; run the whole pipeline once`,
    );
  if (source.PipelineExecutionStatus !== 'Succeeded' && source.PipelineExecutionStatus !== 'Failed')
    throw new ServiceError(
      'ValidationException',
      `SelectiveExecutionConfig: the source must have succeeded or failed, got ${source.PipelineExecutionArn}, which is ${source.PipelineExecutionStatus}; choose another`,
    );
  return [...needed].flatMap((name) => {
    const step = source.Steps.find(({ StepName, StepStatus }) => StepName === name && StepStatus === 'Succeeded');
    const isParent = [...selected].some((one) => graph.get(one)?.parent?.condition === name);
    if (step)
      return [{ ...step, SelectiveExecutionResult: { SourcePipelineExecutionArn: source.PipelineExecutionArn } }];
    // The condition above a selected step needn't have chosen its branch, or have been reached at all.
    if (isParent) return [];
    throw new ServiceError(
      'ValidationException',
      `SelectiveExecutionConfig: ${name} hasn't succeeded in ${source.PipelineExecutionArn}; select it too, or choose another source`,
    );
  });
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new ServiceError('ValidationException', faults.join('\n'));
}

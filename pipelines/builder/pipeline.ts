import type { Parameter, PipelineDefinition, Runtime } from '../definition';

export interface PipelineOptions extends Pick<PipelineDefinition, 'description' | 'steps'> {
  /** @default [] */
  readonly parameters?: readonly Parameter[];
  readonly runtime: Omit<Runtime, 'environment'> & Partial<Pick<Runtime, 'environment'>>;
}

export function pipeline(name: string, options: PipelineOptions): PipelineDefinition {
  const { description, steps, parameters = [], runtime } = options;
  return {
    name,
    ...(description !== undefined && { description }),
    parameters,
    steps,
    runtime: { ...runtime, environment: runtime.environment ?? {} },
  };
}

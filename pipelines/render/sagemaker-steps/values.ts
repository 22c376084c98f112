import type { PipelineDefinition, Reference, Step, Value } from '../../definition';
import { execution } from '../../sagemaker/execution';
import { join, Ref, type Value as SageMakerValue } from '../../sagemaker/ref';

const EXECUTION = { id: 'PipelineExecutionId', startTime: 'StartDateTime', pipelineName: 'PipelineName' } as const;

/** Brings values into SageMaker's form. */
export class Values {
  private readonly steps: ReadonlyMap<string, Step>;

  constructor(private readonly definition: PipelineDefinition) {
    this.steps = new Map(allSteps(definition.steps).map((step) => [step.name, step]));
  }

  of(value: Value): SageMakerValue {
    return typeof value === 'object' ? this.reference(value) : value;
  }

  /** As the text that a command line or an environment takes. */
  text(value: Value): SageMakerValue<string> {
    if (typeof value !== 'object') return String(value);
    const isText = value.kind !== 'metric' && (value.kind !== 'parameter' || value.type === 'string');
    return isText ? (this.reference(value) as Ref<string>) : join('', this.reference(value));
  }

  number(value: Value): number | Ref<number> {
    return this.of(value) as number | Ref<number>;
  }

  texts(values: Readonly<Record<string, Value>>): Record<string, SageMakerValue<string>> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, this.text(value)]));
  }

  /** Where a step leaves an output: a folder of each execution's own. */
  destination(step: string, output: string, zone: 'workspace' | 'models'): Ref<string> {
    const { workspaceUri, modelsUri } = this.definition.runtime;
    const uri = zone === 'models' ? modelsUri : workspaceUri;
    return join('/', uri, 'executions', execution('PipelineExecutionId'), step, output);
  }

  private reference(reference: Reference): Ref<string | number | boolean> {
    switch (reference.kind) {
      case 'output': {
        const { step, output, file } = reference;
        const folder = new Ref<string>({
          Get: `Steps.${step}.ProcessingOutputConfig.Outputs['${output}'].S3Output.S3Uri`,
        });
        return file === undefined ? folder : join('/', folder, file);
      }
      case 'modelArtifacts':
        return this.modelArtifacts(reference.step);
      case 'answers':
        return new Ref({ Get: `Steps.${reference.step}.TransformOutput.S3OutputPath` });
      case 'metric': {
        const PropertyFile = { Get: `Steps.${reference.step}.PropertyFiles.${reference.file}` };
        return new Ref({ 'Std:JsonGet': { PropertyFile, Path: reference.path } });
      }
      case 'parameter':
        return new Ref({ Get: `Parameters.${reference.name}` });
      case 'execution':
        return execution(EXECUTION[reference.variable]);
      default:
        return join('', ...reference.parts.map((part) => this.of(part)));
    }
  }

  private modelArtifacts(step: string): Ref<string> {
    if (this.steps.get(step)?.kind !== 'tuning')
      return new Ref({ Get: `Steps.${step}.ModelArtifacts.S3ModelArtifacts` });
    // A tuning job tells the name of its best training job, not where that left the model.
    const best = new Ref<string>({ Get: `Steps.${step}.BestTrainingJob.TrainingJobName` });
    return join('/', this.definition.runtime.modelsUri, best, 'output/model.tar.gz');
  }
}

function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) =>
    step.kind === 'condition' ? [step, ...allSteps(step.ifTrue), ...allSteps(step.ifFalse)] : [step],
  );
}

import type { Command } from 'commander';
import { InvalidInputError } from '../../core/invalid-input-error';
import { modelName } from '../../core/names';
import { choose } from '../model-argument';
import type { Surroundings } from '../output';

/** `mlops pipeline show`. */
export function pipelineCommands(program: Command, { out }: Surroundings): void {
  const pipeline = program.command('pipeline').description("look at a model's pipeline");

  pipeline
    .command('show <model>')
    .description('draw the pipeline, or print the definition that SageMaker receives')
    .option('--env <name>', 'environment', 'local')
    .option(
      '--json',
      'print the definition; ARNs and bucket names, which the deployment knows, are written in <angles>',
    )
    .action(async (name: string, { env, json }: { env: string; json?: boolean }) => {
      const { environment, model, spec, source } = await choose(env, name);
      if (source) {
        throw new InvalidInputError(
          `--env ${env}`,
          `has no pipelines, because its versions come from ${source.environmentName}, got ${env}`,
          `use --env ${source.environmentName}`,
        );
      }
      // With the schemas of SageMaker's API, which take a while to load.
      const { renderSageMaker } = await import('../../pipelines/render/sagemaker');
      const { standardPipeline } = await import('../../pipelines/standard-pipeline');
      const definition = renderSageMaker(
        standardPipeline({
          environmentName: env,
          modelName: model,
          spec,
          imageUri: '<image>',
          roleArn: `arn:aws:iam::${environment.account}:role/pipeline`,
          rawUri: 's3://<raw>',
          curatedUri: 's3://<curated>',
          modelsUri: 's3://<models>',
          modelPackageGroupName: modelName(env, model),
          approvalStatus: environment.approval.kind === 'automatic' ? 'Approved' : 'PendingManualApproval',
        }),
      );
      const { drawDefinition } = await import('../../pipelines/draw');
      out.line(json ? JSON.stringify(definition, null, 2) : drawDefinition(definition));
    });
}

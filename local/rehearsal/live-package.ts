import { DescribeModelPackageCommand, type DescribeModelPackageOutput } from '@aws-sdk/client-sagemaker';
import { InvalidInputError } from '../../core/invalid-input-error';
import { TRAINING_IMAGE } from '../../core/names';
import { livePackage } from '../loop/promote';
import type { Target } from '../loop/target';
import { REHEARSAL, REHEARSAL_OF } from './fault';

/** The version that serves, as the registry describes it. */
export interface LivePackage {
  readonly arn: string;
  readonly version: number;
  readonly image: string;
  /** Runs the workload's scripts, where another image serves. */
  readonly trainingImage: string;
  /** URI of its model.tar.gz. */
  readonly artefact: string;
  readonly description: DescribeModelPackageOutput;
}

/** @throws InvalidInputError if nothing serves, or a version that was made bad on purpose does */
export async function describeLivePackage(target: Target): Promise<LivePackage> {
  const arn = await livePackage(target);
  if (arn === undefined) {
    throw new InvalidInputError(
      target.name,
      'has to serve before a release can be rehearsed, got no endpoint in service',
      'run npx mlops local run, or wait until it has changed',
    );
  }
  const description = await target.clients.sageMaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  const { CustomerMetadataProperties: metadata = {}, ModelPackageVersion: version = 0 } = description;
  const kind = metadata[REHEARSAL];
  if (kind !== undefined && kind !== 'good') {
    throw new InvalidInputError(
      target.name,
      `serves version ${version}, which is bad on purpose (${kind}), made from ${metadata[REHEARSAL_OF]}`,
      `go back first: npx mlops release rollback ${target.props.model} --env ${target.props.environment}`,
    );
  }
  const container = description.InferenceSpecification?.Containers?.[0];
  if (container?.Image === undefined || container.ModelDataUrl === undefined) {
    throw new Error(`${arn}: must name an image and an artefact, got neither; look at it in the registry`);
  }
  const { Image: image, ModelDataUrl: artefact } = container;
  return { arn, version, image, trainingImage: metadata[TRAINING_IMAGE] ?? image, artefact, description };
}

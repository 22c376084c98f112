import { join } from 'node:path';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { baseImages } from '../../config/base-images';
import type { ModelSpec } from '../../config/model-spec';
import { allow } from '../security/allow';

const WORKLOADS = join(__dirname, '../../workloads');

export interface TrainingImageProps {
  /** Picks `workloads/images/<framework>/Dockerfile`. */
  readonly framework: ModelSpec['framework'];
}

/**
 * The image that every step and every model server of a framework runs: all workloads and a locked Python environment.
 * It is built when the stack is deployed, not when it is synthesised.
 */
export class TrainingImage extends Construct {
  readonly imageUri: string;
  private readonly asset: DockerImageAsset;

  constructor(scope: Construct, id: string, { framework }: TrainingImageProps) {
    super(scope, id);
    this.asset = new DockerImageAsset(this, 'Asset', {
      directory: WORKLOADS,
      file: `images/${framework}/Dockerfile`,
      buildArgs: { BASE: baseImages.python },
      // SageMaker's ml.m and ml.c families; what the machine that deploys happens to be doesn't matter.
      platform: Platform.LINUX_AMD64,
    });
    this.imageUri = this.asset.imageUri;
  }

  grantPull(grantee: IGrantable): Grant {
    return allow(grantee, {
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [this.asset.repository.repositoryArn],
    }).combine(
      allow(grantee, {
        actions: ['ecr:GetAuthorizationToken'],
        resources: ['*'],
        because: 'A login to the registry is about no repository; the action takes no resource',
      }),
    );
  }
}

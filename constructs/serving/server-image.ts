import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Construct } from 'constructs';
import { baseImages } from '../../config/base-images';
import { serverProgram } from './server-program';

/**
 * The image of the ONNX model server: Node, the bundled server, and the runtime's native part. It is built when the
 * stack is deployed, not when it is synthesised; endpoints pull it from where all images of the account's assets lie.
 */
export class ServerImage extends Construct {
  readonly imageUri: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.imageUri = new DockerImageAsset(this, 'Asset', {
      directory: serverProgram(),
      buildArgs: { BASE: baseImages.node },
      platform: Platform.LINUX_AMD64,
    }).imageUri;
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Construct } from 'constructs';
import { writeServerProgram } from './server-program';

/**
 * The image of the ONNX model server: Node, the bundled server, and the runtime's native part. It is built when the
 * stack is deployed, not when it is synthesised; endpoints pull it from where all images of the account's assets lie.
 */
export class ServerImage extends Construct {
  readonly imageUri: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The asset copies the folder when it is made.
    const directory = mkdtempSync(join(tmpdir(), 'model-server-'));
    try {
      writeServerProgram(directory);
      this.imageUri = new DockerImageAsset(this, 'Asset', { directory, platform: Platform.LINUX_AMD64 }).imageUri;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
}

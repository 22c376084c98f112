import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseImages } from '../../../../config/base-images';
import { TrainingImage } from '../../../../constructs/training/training-image';
import { actionsOf, app, granted, role, stack } from '../smallest';

interface DockerImage {
  readonly source: { readonly directory: string; readonly dockerFile: string; readonly platform: string };
}

function synthesised(): { image: DockerImage; outdir: string } {
  const root = app();
  const scope = stack(root);
  role(scope);
  new TrainingImage(scope, 'Image', { framework: 'sklearn' });
  const { directory } = root.synth();
  const manifest = JSON.parse(readFileSync(join(directory, 'Test.assets.json'), 'utf8')) as {
    dockerImages: Record<string, DockerImage>;
  };
  const [image] = Object.values(manifest.dockerImages);
  if (!image) throw new Error('no image in the manifest');
  return { image, outdir: directory };
}

describe('TrainingImage', () => {
  test("is built from the framework's Dockerfile for the processors of SageMaker, whatever machine deploys", () => {
    expect(synthesised().image.source).toMatchObject({
      dockerFile: 'images/sklearn/Dockerfile',
      platform: 'linux/amd64',
      dockerBuildArgs: { BASE: baseImages.python },
    });
  });

  test('takes all workloads along, without what Python leaves behind', () => {
    const { image, outdir } = synthesised();
    const files = readdirSync(join(outdir, image.source.directory), { recursive: true, encoding: 'utf8' });
    expect(files).toContain('images/sklearn/Dockerfile');
    expect(files.filter((file) => file.includes('__pycache__'))).toEqual([]);
  });

  test('lets a principal pull, not push', () => {
    const template = granted(
      (scope) => (grantee) => new TrainingImage(scope, 'Image', { framework: 'sklearn' }).grantPull(grantee),
    );
    expect(actionsOf(template)).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
    ]);
  });
});

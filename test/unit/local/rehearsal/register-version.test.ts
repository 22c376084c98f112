import type { CreateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import type { Target } from '../../../../local/loop/target';
import { registerVersion } from '../../../../local/rehearsal/register-version';

const ARN = 'arn:aws:sagemaker:us-east-1:000000000000:model-package/local-churn/';
const metadata = { onnx_sha256: 'ab'.repeat(32), 'approved-by': 'someone', roc_auc: '0.7' };

/** What is asked of the registry for such a version. */
async function registered(kind: 'good' | 'wrong', CustomerMetadataProperties: Record<string, string> = metadata) {
  const asked: CreateModelPackageCommand['input'][] = [];
  const send = async ({ input }: CreateModelPackageCommand) => {
    asked.push(input);
    return { ModelPackageArn: `${ARN}2` };
  };
  const target = { name: 'local-churn', clients: { sageMaker: { send } } } as unknown as Target;
  const description = { InferenceSpecification: { Containers: [{ Image: 'onnx' }] }, CustomerMetadataProperties };
  const live = { arn: `${ARN}1`, version: 1, image: 'onnx', trainingImage: 'python', artefact: 's3://a', description };
  const { version } = await registerVersion(target, live as never, kind, 's3://bucket/model.tar.gz');
  return { version, input: asked[0] };
}

describe('a version of a rehearsal', () => {
  test('that is good keeps the server and the graph of the live one', async () => {
    const { version, input } = await registered('good');
    expect(version).toBe(2);
    expect(input?.InferenceSpecification?.Containers?.[0]?.Image).toBe('onnx');
    expect(input?.CustomerMetadataProperties).toMatchObject({ onnx_sha256: metadata.onnx_sha256, roc_auc: '0.7' });
    expect(input?.CustomerMetadataProperties).not.toHaveProperty('approved-by');
  });

  test('that is bad is of the Python server, and promises no graph', async () => {
    const { input } = await registered('wrong');
    expect(input?.InferenceSpecification?.Containers?.[0]?.Image).toBe('python');
    expect(input?.CustomerMetadataProperties?.onnx_sha256).toBe('none');
  });

  test('says nothing of a graph where the live one has none', async () => {
    const { input } = await registered('wrong', {});
    expect(input?.CustomerMetadataProperties).not.toHaveProperty('onnx_sha256');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choose } from '../../../../cli/model-argument';
import { connect } from '../../../../cli/release/connect';
import type { ReleaseCliApi } from '../../../../cli/release/release-cli-api';
import { sdkReleaseApi } from '../../../../cli/release/sdk-release-api';
import { InvalidInputError } from '../../../../core/invalid-input-error';
import { surroundings } from '../surroundings';

describe('connecting to an environment', () => {
  test('of this machine says how to start it if it does not run', async () => {
    const state = mkdtempSync(join(tmpdir(), 'mlops-state-'));
    try {
      const answer = choose('local').then((chosen) => connect(chosen, surroundings({ MLOPS_STATE_DIR: state })));
      await expect(answer).rejects.toThrow(
        new InvalidInputError('--env local', 'the local AWS is not running, got no answer', 'run npx mlops local up'),
      );
    } finally {
      rmSync(state, { recursive: true });
    }
  });

  test('of an account needs nothing on this machine', async () => {
    const api = await connect(await choose('dev'), surroundings({ MLOPS_STATE_DIR: '/nonexistent' }));
    expect(Object.keys(api).sort()).toEqual([
      'autoScaling',
      'cloudFormation',
      'cloudWatch',
      'runtime',
      's3',
      'sageMaker',
      'sns',
      'ssm',
    ]);
  });
});

describe('the calls of a release', () => {
  const seen: string[] = [];
  let server: Server;
  let api: ReleaseCliApi;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const body: Buffer[] = [];
      request.on('data', (chunk: Buffer) => body.push(chunk));
      request.on('end', () => {
        const target = request.headers['x-amz-target'];
        const [, action] = /Action=(\w+)/.exec(Buffer.concat(body).toString()) ?? [];
        seen.push(String(target ?? action ?? `${request.method} ${request.url}`));
        response.setHeader('etag', '"1"');
        response.end(target === undefined ? '' : '{}');
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    api = sdkReleaseApi({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  const bucket = { Bucket: 'evidence' };
  const stack = { StackName: 'stack' };
  test.each<[string, () => Promise<unknown>]>([
    ['SageMaker.DescribeModelPackage', () => api.sageMaker.describeModelPackage({ ModelPackageName: 'a' })],
    ['SageMaker.DescribeEndpoint', () => api.sageMaker.describeEndpoint({ EndpointName: 'a' })],
    ['SageMaker.DescribeEndpointConfig', () => api.sageMaker.describeEndpointConfig({ EndpointConfigName: 'a' })],
    [
      'SageMaker.DescribeInferenceComponent',
      () => api.sageMaker.describeInferenceComponent({ InferenceComponentName: 'a' }),
    ],
    ['SageMaker.DescribeModel', () => api.sageMaker.describeModel({ ModelName: 'a' })],
    ['SageMaker.ListModelPackages', () => api.sageMaker.listModelPackages({ ModelPackageGroupName: 'a' })],
    [
      'SageMaker.UpdateModelPackage',
      () =>
        api.sageMaker.updateModelPackage({
          ModelPackageArn: 'a',
          ModelApprovalStatus: 'Approved',
          ApprovalDescription: 'a',
          CustomerMetadataProperties: {},
        }),
    ],
    ['AmazonSSM.GetParameter', () => api.ssm.getParameter({ Name: 'a' })],
    ['AmazonSSM.PutParameter', () => api.ssm.putParameter({ Name: 'a', Value: 'b', Overwrite: true })],
    ['DescribeStacks', () => api.cloudFormation.describeStacks(stack)],
    ['DescribeStackEvents', () => api.cloudFormation.describeStackEvents(stack)],
    ['GetTemplate', () => api.cloudFormation.getTemplate(stack)],
    [
      'UpdateStack',
      () =>
        api.cloudFormation.updateStack({
          ...stack,
          UsePreviousTemplate: true,
          Parameters: [],
          Capabilities: [],
          ClientRequestToken: 'a',
        }),
    ],
    ['GET /evidence/key?x-id=GetObject', () => api.s3.getObject({ ...bucket, Key: 'key' })],
    [
      'PUT /evidence/key?x-id=PutObject',
      () => api.s3.putObject({ ...bucket, Key: 'key', Body: '{}', ContentType: 'application/json' }),
    ],
    ['GET /evidence/?list-type=2&prefix=releases%2F', () => api.s3.listObjects({ ...bucket, Prefix: 'releases/' })],
    ['Publish', () => api.sns.publish({ TopicArn: 'a', Subject: 'b', Message: 'c' })],
  ])('reach the service: %s', async (expected, call) => {
    seen.length = 0;
    await call();
    expect(seen).toEqual([expected]);
  });
});

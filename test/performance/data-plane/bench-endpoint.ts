import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  UpdateEndpointCommand,
} from '@aws-sdk/client-sagemaker';
import { localAwsStatus } from '../../../local/aws/local-aws';
import { writeArchive } from '../../../local/sagemaker/job/write-archive';
import { S3ObjectStorage } from '../../../local/sagemaker/storage/s3-object-storage';
import { BENCH_ACCOUNT, BENCH_REGION, type BenchAws } from '../measure/bench-aws';

export const TAG = 'bench-serve';
const IMAGE = `${BENCH_ACCOUNT}.dkr.ecr.${BENCH_REGION}.amazonaws.com/bench:${TAG}`;
const ROLE = `arn:aws:iam::${BENCH_ACCOUNT}:role/bench`;
const BUCKET = 'bench-data-plane';
const NAME = 'bench';
const RELEASES = ['one', 'two'] as const;
/** Of the clock of deployments. */
const BAKE_SECONDS = 60;
const LONGEST_MS = 120_000;

/** An endpoint of one instance with two releases that it goes to and fro between. */
export class BenchEndpoint {
  constructor(private readonly aws: BenchAws) {}

  /** Where our SageMaker is asked itself, without the emulator's gateway. */
  get url(): string {
    const port = localAwsStatus(this.aws.state).sagemaker?.port;
    return `http://127.0.0.1:${port}/endpoints/${NAME}/invocations`;
  }

  async create(): Promise<void> {
    const { s3, sageMaker } = this.aws.clients;
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    for (const release of RELEASES) {
      const ModelDataUrl = await this.upload(release);
      await sageMaker.send(
        new CreateModelCommand({
          ModelName: release,
          ExecutionRoleArn: ROLE,
          PrimaryContainer: { Image: IMAGE, ModelDataUrl },
        }),
      );
      await sageMaker.send(
        new CreateEndpointConfigCommand({
          EndpointConfigName: release,
          ProductionVariants: [
            {
              VariantName: 'AllTraffic',
              ModelName: release,
              InstanceType: 'ml.m5.large',
              InitialInstanceCount: 2,
            },
          ],
        }),
      );
    }
    await sageMaker.send(new CreateEndpointCommand({ EndpointName: NAME, EndpointConfigName: RELEASES[0] }));
    await this.settled(RELEASES[0]);
  }

  /** Goes to the other release by a canary. @param number from 1 */
  async shift(number: number): Promise<void> {
    const release = RELEASES[number % RELEASES.length] ?? RELEASES[0];
    await this.aws.clients.sageMaker.send(
      new UpdateEndpointCommand({
        EndpointName: NAME,
        EndpointConfigName: release,
        DeploymentConfig: {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: {
              Type: 'CANARY',
              CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 },
              WaitIntervalInSeconds: BAKE_SECONDS,
            },
            TerminationWaitInSeconds: 0,
          },
        },
      }),
    );
    await this.settled(release);
  }

  /** Where one of its model servers is asked itself. */
  async server(): Promise<string> {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const said = answer.headers.get('x-amzn-sagemaker-custom-attributes') ?? '';
    const [, port] = /^(\d+) /.exec(said) ?? [];
    if (!answer.ok || port === undefined)
      throw new Error(`the bench endpoint: must name its port, got ${answer.status} ${said}; see its server`);
    return `http://127.0.0.1:${port}/invocations`;
  }

  private async settled(release: string): Promise<void> {
    const deadline = Date.now() + LONGEST_MS;
    while (Date.now() < deadline) {
      const { EndpointStatus, EndpointConfigName, FailureReason } = await this.aws.clients.sageMaker.send(
        new DescribeEndpointCommand({ EndpointName: NAME }),
      );
      if (EndpointStatus === 'InService' && EndpointConfigName === release) return;
      if (EndpointStatus === 'Failed' || EndpointStatus === 'UpdateRollbackFailed')
        throw new Error(`the bench endpoint: must come into service, got ${EndpointStatus} ${FailureReason}`);
      await delay(50);
    }
    throw new Error(
      `the bench endpoint: must serve release ${release} in ${LONGEST_MS / 1000} s, got nothing; see its log`,
    );
  }

  private async upload(release: string): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-model-'));
    try {
      writeFileSync(join(folder, 'release'), release);
      await writeArchive(folder, join(folder, '..', `${release}-${process.pid}`, 'model.tar.gz'));
      await new S3ObjectStorage(this.aws.clients.s3).upload(
        join(folder, '..', `${release}-${process.pid}`),
        `s3://${BUCKET}/${release}`,
      );
      return `s3://${BUCKET}/${release}/model.tar.gz`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(join(folder, '..', `${release}-${process.pid}`), { recursive: true, force: true });
    }
  }
}

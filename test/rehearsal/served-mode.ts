import { setTimeout as delay } from 'node:timers/promises';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateModelPackageCommand,
  CreateTransformJobCommand,
  DescribeModelPackageCommand,
  DescribeTransformJobCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointAsyncCommand, InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { sdkReleaseApi } from '../../cli/release/sdk-release-api';
import { furtherReleases } from '../../config/further-releases';
import type { ServingMode } from '../../config/serving';
import { modelName, SERVED_MODEL_OUTPUT, stackName } from '../../core/names';
import { releasePorts } from '../../core/release/aws/release-ports';
import { wholeSeconds } from '../../core/release/decision';
import { promote } from '../../core/release/promote';
import type { ReleaseState } from '../../core/release/release-state';
import { settle } from '../../core/release/settle';
import { versionOfArn } from '../../core/release/version-of-arn';
import { localClientConfig, localClients } from '../../local/clients';
import { waitUntil } from '../../local/loop/wait-until';
import { type DeploymentEntry, DeploymentHistory } from '../../local/sagemaker/endpoint/deployment-history';
import { ENVIRONMENT, SERVED } from './serving-modes-stage';

const REGION = 'us-east-1';
const PATIENCE = { timeoutSeconds: 300 };
const PAUSE_MS = 200;

/** The model of one mode on the local AWS: released, and asked in the way of its mode. */
export class ServedMode {
  private readonly clients;
  private readonly name;

  /** @param endpoint `http://localhost:PORT` of the emulator */
  constructor(
    private readonly endpoint: string,
    private readonly mode: ServingMode,
  ) {
    this.clients = localClients(endpoint, REGION);
    this.name = modelName(ENVIRONMENT, mode);
  }

  /** Registers what another environment has released, approved, and waits until it serves. */
  async release(source: string): Promise<ReleaseState | undefined> {
    const { sageMaker } = this.clients;
    const { InferenceSpecification } = await sageMaker.send(
      new DescribeModelPackageCommand({ ModelPackageName: source }),
    );
    const { ModelPackageArn: modelPackage = '' } = await sageMaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: this.name,
        InferenceSpecification,
        ModelApprovalStatus: 'Approved',
      }),
    );
    const ports = releasePorts({
      environment: ENVIRONMENT,
      model: this.mode,
      api: sdkReleaseApi(localClientConfig(this.endpoint, REGION)),
      evidenceBucket: await this.output('data', 'EvidenceBucketName'),
      releaseRoleArn: await this.output('serving', 'ReleaseRoleArn'),
      notify: async () => undefined,
      now: () => new Date(),
    });
    const byHand = furtherReleases(SERVED[this.mode].serving).length > 0;
    const version = versionOfArn(modelPackage) ?? 0;
    const decision = { modelPackage, version, decidedAt: wholeSeconds(new Date()), by: 'a test', reason: 'a test' };
    return waitUntil(
      async () => {
        // An approval promotes by itself, but where a version may go to one of several variants.
        const state = (await ports.state.load())?.state;
        if (byHand && state?.decision.modelPackage !== modelPackage)
          await promote({ ...decision, kind: 'promotion' }, ports);
        if (state && !state.settled) await settle(ports);
        return state?.settled && state.decision.modelPackage === modelPackage ? state : undefined;
      },
      () => `${this.name} is never released`,
      PATIENCE,
    );
  }

  /** The latest deployment of its endpoint; the first in the history. */
  async deployment(): Promise<DeploymentEntry | undefined> {
    const answer = await fetch(`${this.endpoint}/_local/endpoints/${this.name}/deployments`);
    return DeploymentHistory.parse(await answer.json()).deployments[0];
  }

  /** Asks without a pause until it is stopped. */
  traffic(rows: string, workers = 3): { stop(): Promise<{ readonly answered: number; readonly failures: unknown[] }> } {
    const state = { on: true, answered: 0 };
    const failures: unknown[] = [];
    const work = async () => {
      while (state.on) {
        await this.ask(rows).then(
          () => (state.answered += 1),
          (error: unknown) => failures.push(error),
        );
        await delay(PAUSE_MS);
      }
    };
    const working = Promise.all(Array.from({ length: workers }, work));
    return {
      stop: async () => {
        state.on = false;
        await working;
        return { answered: state.answered, failures };
      },
    };
  }

  /** @returns what is answered to the rows */
  async ask(rows: string): Promise<string> {
    if (this.mode === 'asynchronous') return this.askQueue(rows);
    if (this.mode === 'batch') return this.askBatch(rows);
    const { Body } = await this.clients.runtime.send(
      new InvokeEndpointCommand({
        EndpointName: this.name,
        ContentType: 'text/csv',
        Accept: 'text/csv',
        Body: rows,
        ...(this.mode === 'multi-variant' && { TargetVariant: 'challenger' }),
        ...(this.mode === 'inference-component' && { InferenceComponentName: this.name }),
      }),
    );
    return Buffer.from(Body ?? []).toString();
  }

  private async askQueue(rows: string): Promise<string> {
    const bucket = await this.output('data', 'CaptureBucketName');
    const key = `${this.mode}/asynchronous/input/rows.csv`;
    await this.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: rows }));
    const { OutputLocation = '' } = await this.clients.runtime.send(
      new InvokeEndpointAsyncCommand({
        EndpointName: this.name,
        InputLocation: `s3://${bucket}/${key}`,
        ContentType: 'text/csv',
        Accept: 'text/csv',
      }),
    );
    return this.read(bucket, OutputLocation.slice(`s3://${bucket}/`.length));
  }

  private async askBatch(rows: string): Promise<string> {
    const bucket = await this.output('data', 'CuratedBucketName');
    await this.clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'batch/batch/input/rows.csv', Body: rows }));
    const TransformJobName = `${this.name}-${Date.now()}`;
    const uri = (folder: string) => `s3://${bucket}/batch/batch/${folder}`;
    await this.clients.sageMaker.send(
      new CreateTransformJobCommand({
        TransformJobName,
        ModelName: await this.output('serving', SERVED_MODEL_OUTPUT),
        TransformInput: {
          ContentType: 'text/csv',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri('input/') } },
        },
        TransformOutput: { S3OutputPath: uri('output'), Accept: 'text/csv' },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      }),
    );
    await waitUntil(
      async () => {
        const { TransformJobStatus: status, FailureReason } = await this.clients.sageMaker.send(
          new DescribeTransformJobCommand({ TransformJobName }),
        );
        if (status === 'Failed') throw new Error(FailureReason);
        return status === 'Completed' || undefined;
      },
      () => `${TransformJobName} never ends`,
      PATIENCE,
    );
    return this.read(bucket, 'batch/batch/output/rows.csv.out');
  }

  private async read(Bucket: string, Key: string): Promise<string> {
    return waitUntil(
      async () => {
        const { Contents = [] } = await this.clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key }));
        if (Contents.length === 0) return undefined;
        const { Body } = await this.clients.s3.send(new GetObjectCommand({ Bucket, Key }));
        return Body?.transformToString();
      },
      () => `s3://${Bucket}/${Key} never comes`,
      PATIENCE,
    );
  }

  private async output(concern: 'data' | 'serving', key: string): Promise<string> {
    const StackName = stackName(ENVIRONMENT, concern, concern === 'serving' ? this.mode : undefined);
    const { Stacks: [stack] = [] } = await this.clients.cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const found = stack?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
    if (found === undefined) throw new Error(`${StackName} has no output ${key}`);
    return found;
  }
}

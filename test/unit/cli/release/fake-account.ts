import type { ScalableTarget } from '@aws-sdk/client-application-auto-scaling';
import type { MetricAlarm, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { InvokeEndpointCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import { Command } from 'commander';
import { releaseCommands } from '../../../../cli/commands/release';
import type { ModelPackageUpdate, ReleaseCliApi } from '../../../../cli/release/release-cli-api';
import { releasePorts } from '../../../../core/release/aws/release-ports';
import { type Decision, wholeSeconds } from '../../../../core/release/decision';
import type { ReleasePorts } from '../../../../core/release/ports';
import { promote } from '../../../../core/release/promote';
import { settle } from '../../../../core/release/settle';
import type { EndpointDescription } from '../../../../core/release/shift/endpoint-description';
import { FakeAws, ServiceException } from '../../core/release/fake-aws';
import { type Recorded, surroundings } from '../surroundings';

export const MODEL = 'flight-delay';
export const BUCKET = 'evidence-bucket';
const GROUP = `dev-${MODEL}`;
/** Small, so that reading a list takes several pages. */
const PAGE = 2;

export function packageArn(version: number): string {
  return `arn:aws:sagemaker:eu-west-1:111111111111:model-package/${GROUP}/${version}`;
}

/** The account of environment `dev` in memory: what a release takes, its handlers, and a clock that sleeping moves on. */
export class FakeAccount implements ReleaseCliApi {
  readonly aws = new FakeAws();
  readonly changes: ModelPackageUpdate[] = [];
  readonly published: { Subject: string; Message: string }[] = [];
  readonly roles: (string | undefined)[] = [];
  /** Naps of the command, in milliseconds. */
  readonly naps: number[] = [];
  account = '111111111111';
  outputs: Record<string, string> = {
    EvidenceBucketName: BUCKET,
    ReleaseRoleArn: 'arn:aws:iam::111111111111:role/release',
    AlarmTopicArn: 'arn:aws:sns:eu-west-1:111111111111:alarms',
  };
  /** What DescribeEndpoint says besides what serves. */
  endpoint: Partial<EndpointDescription> = {};
  /** More of a version's package, by its ARN. */
  readonly packages = new Map<string, object>();
  /** What the archives of models hold, by their URL. */
  readonly artefacts = new Map<string, { readonly text: string; readonly lastModified?: Date }>();
  readonly trainingJobs = new Map<string, Record<string, string>>();
  alarms: MetricAlarm[] = [];
  metrics: MetricDataResult[] = [];
  scalableTargets: Partial<ScalableTarget>[] = [];
  readonly invocations: InvokeEndpointCommandInput[] = [];
  /** Whether approvals lead to promotions and ended updates are settled, as where the handlers run. */
  handlersRun = true;
  /** What happens while the command sleeps, in place of updates ending and handlers running. */
  meanwhile: (() => Promise<void>) | undefined;

  private readonly details = new Map<string, { reason: string; metadata: Record<string, string>; at: number }>();
  private events: Decision[] = [];

  /** Registers versions 1, 2, … with these statuses. */
  register(...statuses: string[]): this {
    statuses.forEach((status, index) => this.aws.approvals.set(packageArn(index + 1), status));
    return this;
  }

  /** Lets versions be released one after the other, a minute apart. */
  async released(...versions: number[]): Promise<this> {
    for (const version of versions) await this.release(version);
    return this;
  }

  async release(version: number, kind: Decision['kind'] = 'approval'): Promise<void> {
    await this.begin(version, kind);
    this.aws.endUpdate();
    await settle(this.ports);
    this.aws.time += 60_000;
  }

  /** A release that somebody else has set on its way. */
  async begin(version: number, kind: Decision['kind'] = 'approval'): Promise<void> {
    await promote(this.decision(version, kind), this.ports);
    this.aws.time += 1000;
  }

  decision(version: number, kind: Decision['kind'] = 'approval'): Decision {
    const decidedAt = wholeSeconds(new Date(this.aws.time));
    return { modelPackage: packageArn(version), version, kind, decidedAt, by: 'bob', reason: 'beats the champion' };
  }

  get ports(): ReleasePorts {
    return releasePorts({
      environment: 'dev',
      model: MODEL,
      api: this,
      evidenceBucket: BUCKET,
      notify: async () => undefined,
      now: () => new Date(this.aws.time),
    });
  }

  get state() {
    const object = this.aws.objects.get(`releases/dev/${MODEL}/state.json`);
    return object && (JSON.parse(object.body) as { decision: Decision; settled: boolean });
  }

  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.naps.push(milliseconds);
    this.aws.time += milliseconds;
    if (this.meanwhile) return this.meanwhile();
    this.aws.endUpdate();
    if (this.handlersRun) await this.runHandlers();
  };

  async runHandlers(): Promise<void> {
    await settle(this.ports);
    const events = this.events;
    this.events = [];
    for (const event of events) if ((await promote(event, this.ports)).kind === 'busy') this.events.push(event);
  }

  readonly sageMaker: ReleaseCliApi['sageMaker'] = {
    ...this.aws.sageMaker,
    describeModelPackage: async (input) => {
      const found = await this.aws.sageMaker.describeModelPackage(input);
      const details = this.details.get(input.ModelPackageName);
      return {
        ...found,
        ApprovalDescription: details?.reason ?? found.ApprovalDescription,
        CustomerMetadataProperties: details?.metadata ?? { roc_auc: '0.69', data_sha256: 'abc' },
        LastModifiedTime: new Date(details?.at ?? this.aws.time),
        ...this.packages.get(input.ModelPackageName),
      };
    },
    describeEndpoint: async (input) => ({ ...(await this.aws.sageMaker.describeEndpoint(input)), ...this.endpoint }),
    describeTrainingJob: async ({ TrainingJobName }) => {
      const HyperParameters = this.trainingJobs.get(TrainingJobName);
      if (HyperParameters) return { HyperParameters };
      throw new ServiceException('ValidationException', 'Requested resource not found.');
    },
    listModelPackages: async ({ NextToken = '0' }) => {
      await this.aws.before('listModelPackages');
      const start = Number(NextToken);
      const all = [...this.aws.approvals].map(([arn, status]) => ({
        ModelPackageArn: arn,
        ModelPackageVersion: Number(arn.split('/').at(-1)),
        ModelApprovalStatus: status,
      }));
      return {
        ModelPackageSummaryList: all.slice(start, start + PAGE),
        NextToken: start + PAGE < all.length ? String(start + PAGE) : undefined,
      };
    },
    updateModelPackage: async (input) => {
      const { ModelPackageArn: arn, ModelApprovalStatus: status, ApprovalDescription: reason } = input;
      this.changes.push(input);
      this.aws.approvals.set(arn, status);
      this.details.set(arn, { reason, metadata: { ...input.CustomerMetadataProperties }, at: this.aws.time });
      if (status === 'Approved') this.events.push(this.decision(Number(arn.split('/').at(-1))));
    },
  };

  readonly ssm = this.aws.ssm;

  readonly cloudFormation: ReleaseCliApi['cloudFormation'] = {
    ...this.aws.cloudFormation,
    describeStacks: async (input) => {
      const { Stacks = [] } = await this.aws.cloudFormation.describeStacks(input);
      const Outputs = Object.entries(this.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      const StackId = `arn:aws:cloudformation:eu-west-1:${this.account}:stack/${input.StackName}/1`;
      return { Stacks: Stacks.map((stack) => ({ ...stack, StackId, Outputs })) };
    },
    updateStack: async (input) => {
      this.roles.push(input.RoleARN);
      return this.aws.cloudFormation.updateStack(input);
    },
  };

  readonly s3: ReleaseCliApi['s3'] = {
    ...this.aws.s3,
    readObject: async ({ Bucket, Key }) => {
      const found = this.artefacts.get(`s3://${Bucket}/${Key}`);
      if (!found) throw new ServiceException('NoSuchKey', 'The specified key does not exist.');
      const pieces = async function* () {
        for (let start = 0; start < found.text.length; start += 2)
          yield Buffer.from(found.text.slice(start, start + 2));
      };
      return { lastModified: found.lastModified, pieces: pieces() };
    },
    listObjects: async ({ Prefix, ContinuationToken = '0' }) => {
      const start = Number(ContinuationToken);
      const keys = [...this.aws.objects.keys()].filter((key) => key.startsWith(Prefix)).sort();
      return {
        Contents: keys.slice(start, start + PAGE).map((Key) => ({ Key })),
        NextContinuationToken: start + PAGE < keys.length ? String(start + PAGE) : undefined,
      };
    },
  };

  readonly cloudWatch: ReleaseCliApi['cloudWatch'] = {
    ...this.aws.cloudWatch,
    describeAlarms: async ({ AlarmNamePrefix = '', NextToken = '0' }) => {
      await this.aws.before('describeAlarms');
      const start = Number(NextToken);
      const all = this.alarms.filter(({ AlarmName = '' }) => AlarmName.startsWith(AlarmNamePrefix));
      return {
        MetricAlarms: all.slice(start, start + PAGE),
        NextToken: start + PAGE < all.length ? String(start + PAGE) : undefined,
      };
    },
    getMetricData: async () => ({ MetricDataResults: this.metrics }),
  };

  readonly autoScaling: ReleaseCliApi['autoScaling'] = {
    describeScalableTargets: async ({ ResourceIds = [] }) => ({
      ScalableTargets: this.scalableTargets.filter(({ ResourceId = '' }) =>
        ResourceIds.includes(ResourceId),
      ) as ScalableTarget[],
    }),
  };

  readonly runtime: ReleaseCliApi['runtime'] = {
    invokeEndpoint: async (input) => {
      await this.aws.before('invokeEndpoint');
      this.invocations.push(input);
      return { Body: Buffer.from('0.25\n'), ContentType: 'text/csv', InvokedProductionVariant: 'AllTraffic' };
    },
  };

  readonly sns: ReleaseCliApi['sns'] = {
    publish: async (input) => {
      await this.aws.before('publish');
      this.published.push(input);
    },
  };
}

export interface Ran extends Pick<Recorded, 'lines' | 'notes'> {
  /** What the command printed. */
  readonly text: string;
  /** What it ended with, if it failed. */
  readonly error: Error | undefined;
}

/** Runs `mlops release …` in environment dev as ada. */
export async function release(account: FakeAccount, ...words: string[]): Promise<Ran> {
  const recorded = { ...surroundings(), now: () => new Date(account.aws.time) };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  releaseCommands(program, recorded, { connect: async () => account, sleep: account.sleep, user: () => 'ada' });
  const error = await program
    .parseAsync(['release', ...words, '--env', 'dev'], { from: 'user' })
    .then(() => undefined)
    .catch((thrown: Error) => thrown);
  return { lines: recorded.lines, notes: recorded.notes, text: recorded.lines.join('\n'), error };
}

export function fail(name: string, message: string): () => Promise<never> {
  return async () => {
    throw new ServiceException(name, message);
  };
}

import { GUARDS_OUTPUT } from '../../../../core/names';
import type {
  CloudFormationApi,
  GuardAlarm,
  MetricSeries,
  ReleaseApi,
  S3ListApi,
  StackEvent,
} from '../../../../core/release/aws/api';
import { releasePorts } from '../../../../core/release/aws/release-ports';
import type { ChampionApi } from '../../../../core/release/champion';
import type { SealedRecord } from '../../../../core/release/evidence';
import type { WatchedGuards } from '../../../../core/release/guards/watched-guards';
import type { ReleasePorts } from '../../../../core/release/ports';
import type { ReleaseState } from '../../../../core/release/release-state';

export const GROUP = 'dev-churn';
export const BUCKET = 'evidence';
export const PARAMETER = '/mlops/dev/churn/release';
const STACK = 'mlops-dev-serving-churn';
const STACK_ID = `arn:aws:cloudformation:eu-west-1:111111111111:stack/${STACK}/1`;

export function packageArn(version: number): string {
  return `arn:aws:sagemaker:eu-west-1:111111111111:model-package/${GROUP}/${version}`;
}

/** URI of a version's artefact. */
export function artefactOf(modelPackage: string): string {
  return `s3://models/churn/${modelPackage.split('/').at(-1)}/model.tar.gz`;
}

/** As AWS knows a person. */
export function identityOf(person: string): string {
  return `arn:aws:sts::111111111111:assumed-role/approver/${person}`;
}

/** What the next update of the stack comes to. */
export type Fate =
  | 'succeeds'
  | 'rolls-back'
  | 'rolls-back-badly'
  /** The stack says that all is well, and the endpoint has gone back. */
  | 'silently-rolls-back'
  | 'is-refused'
  /** The answer is lost, before or after CloudFormation has begun. */
  | 'is-lost'
  | 'is-answered-too-late';

export class ServiceException extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * AWS in memory, as far as a release sees it: CloudFormation refuses a second update while one runs, reads the release
 * parameter when an update begins and ends it when {@link endUpdate} is called; S3 has conditional writes.
 */
export class FakeAws implements ReleaseApi {
  readonly approvals = new Map<string, string>();
  /** Who changed a version last, and when. @default - ada, just now */
  readonly changes = new Map<string, { person: string; at: number }>();
  readonly objects = new Map<string, { body: string; etag: string }>();
  readonly notes: { subject: string; message: string }[] = [];
  readonly updates: string[] = [];
  /** Of the updates that began. */
  readonly tokens: string[] = [];
  parameter = 'none';
  /** Release parameters of variants by their names. @default - the model has none */
  readonly variants = new Map<string, string>();
  /** What the endpoint serves, or `none`. */
  served = 'none';
  endpointStatus = 'InService';
  /** Of the image that each version was registered with, and of the one that runs. */
  registeredDigest: string | undefined;
  runningDigest: string | undefined;
  /** What the stack says that it gave the endpoint. @default - what the endpoint has */
  askedEndpointConfig: string | undefined;
  /** Alarms of the endpoint that went off, by name. */
  readonly alarms = new Map<string, { at: string; reason: string }[]>();
  stackStatus = 'CREATE_COMPLETE';
  fate: Fate = 'succeeds';
  time = Date.parse('2026-03-01T12:00:00Z');
  /** Called before every answer: tests reorder or break calls here. */
  before: (call: string) => Promise<void> = async () => undefined;

  private readonly events: StackEvent[] = [];
  private resolved = 'none';
  private running: { token: string; wanted: string; fate: Fate } | undefined;
  private writes = 0;
  /** Size of every artefact. */
  artefactBytes = 1000;

  approve(...versions: number[]): void {
    for (const version of versions) this.approvals.set(packageArn(version), 'Approved');
  }

  /** Somebody changes a version's status. */
  change(modelPackage: string, status: string, person: string): void {
    this.approvals.set(modelPackage, status);
    this.changes.set(modelPackage, { person, at: this.time });
  }

  get isUpdating(): boolean {
    return this.running !== undefined;
  }

  /** The running update comes to its end. */
  endUpdate(): void {
    const { running } = this;
    if (!running) return;
    this.running = undefined;
    if (running.fate === 'rolls-back' || running.fate === 'rolls-back-badly') {
      this.event(running.token, {
        ResourceType: 'AWS::SageMaker::Endpoint',
        LogicalResourceId: 'Endpoint',
        ResourceStatus: 'UPDATE_FAILED',
        ResourceStatusReason: 'alarm ErrorRate went off',
      });
      this.event(running.token, {
        ResourceType: 'AWS::SageMaker::Model',
        LogicalResourceId: 'Model',
        ResourceStatus: 'UPDATE_FAILED',
        ResourceStatusReason: 'Resource update cancelled',
      });
      this.stackEvent(
        running.token,
        'UPDATE_ROLLBACK_IN_PROGRESS',
        'The following resource(s) failed to update: [Endpoint].',
      );
      this.stackEvent(
        running.token,
        running.fate === 'rolls-back' ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_FAILED',
      );
      return;
    }
    this.resolved = running.wanted;
    if (running.fate !== 'silently-rolls-back') this.served = running.wanted;
    this.stackEvent(running.token, 'UPDATE_COMPLETE');
  }

  /** The endpoint goes back to the release before, and nobody has said so. */
  goBack(): void {
    const { previous } = this.state ?? {};
    if (!this.running && previous !== undefined && previous !== 'none') this.served = previous;
  }

  /** Somebody cancels the running update. What follows carries the token of their call, not that of the update. */
  cancelUpdate(): void {
    if (!this.running) return;
    this.running = undefined;
    this.event('cancel', {
      ResourceType: 'AWS::SageMaker::Endpoint',
      LogicalResourceId: 'Endpoint',
      ResourceStatus: 'UPDATE_FAILED',
      ResourceStatusReason: 'Resource update cancelled',
    });
    this.stackEvent('cancel', 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
    this.stackEvent('cancel', 'UPDATE_ROLLBACK_COMPLETE');
  }

  /** Somebody deploys the infrastructure: the parameter is read again. */
  deployInfrastructure(): void {
    this.running = { token: 'cdk-deploy', wanted: this.parameter, fate: 'succeeds' };
    this.stackEvent('cdk-deploy', 'UPDATE_IN_PROGRESS');
  }

  get state(): ReleaseState | undefined {
    const object = this.objects.get('releases/dev/churn/state.json');
    return object && (JSON.parse(object.body) as ReleaseState);
  }

  /** Every evidence record, by key. */
  get evidence(): Record<string, SealedRecord> {
    const records = [...this.objects].filter(([key]) => key.startsWith('releases/') && !key.endsWith('/state.json'));
    return Object.fromEntries(records.map(([key, { body }]) => [key, JSON.parse(body) as SealedRecord]));
  }

  /** @param speed of the clock that waits and alarms go by */
  ports(overrides: Partial<ReleasePorts> = {}, speed = 1): ReleasePorts {
    return {
      ...releasePorts({
        environment: 'dev',
        model: 'churn',
        api: this,
        evidenceBucket: BUCKET,
        releaseRoleArn: 'arn:aws:iam::111111111111:role/release',
        speed: async () => speed,
        notify: async (subject, message) => void this.notes.push({ subject, message }),
        now: () => new Date(this.time),
      }),
      ...overrides,
    };
  }

  readonly sageMaker: ReleaseApi['sageMaker'] = {
    describeModelPackage: async ({ ModelPackageName }) => {
      await this.before('describeModelPackage');
      const approval = this.approvals.get(ModelPackageName);
      if (!approval)
        throw new ServiceException('ValidationException', `ModelPackage ${ModelPackageName} does not exist.`);
      return {
        ModelPackageArn: ModelPackageName,
        ModelPackageGroupName: ModelPackageName.split('/').at(-2),
        ModelPackageVersion: Number(ModelPackageName.split('/').at(-1)),
        ModelApprovalStatus: approval,
        ApprovalDescription: 'beats the champion',
        InferenceSpecification: {
          Containers: [
            { Image: 'image:1', ImageDigest: this.registeredDigest, ModelDataUrl: artefactOf(ModelPackageName) },
          ],
        },
        LastModifiedBy: { IamIdentity: { Arn: identityOf(this.changes.get(ModelPackageName)?.person ?? 'ada') } },
        LastModifiedTime: new Date(this.changes.get(ModelPackageName)?.at ?? this.time),
      };
    },
    describeEndpoint: async ({ EndpointName }) => {
      await this.before('describeEndpoint');
      if (this.served === 'none') {
        throw new ServiceException('ValidationException', `Could not find endpoint "${EndpointName}".`);
      }
      return {
        EndpointStatus: this.endpointStatus,
        LastModifiedTime: this.lastModified,
        EndpointConfigName: `config-of-${this.served}`,
        ...(this.runningDigest !== undefined && {
          ProductionVariants: [{ DeployedImages: [{ ResolvedImage: `image@${this.runningDigest}` }] }],
        }),
        LastDeploymentConfig: {
          AutoRollbackConfiguration: { Alarms: [...this.alarms.keys()].map((AlarmName) => ({ AlarmName })) },
        },
      };
    },
    describeEndpointConfig: async ({ EndpointConfigName }) => ({
      ProductionVariants: [{ ModelName: EndpointConfigName.replace('config', 'model') }],
    }),
    describeInferenceComponent: async () => ({}),
    describeModel: async ({ ModelName }) => ({
      PrimaryContainer: { ModelPackageName: ModelName.slice('model-of-'.length) },
    }),
  };

  readonly ssm: ReleaseApi['ssm'] = {
    getParameter: async ({ Name }) => {
      await this.before('getParameter');
      return { Parameter: { Value: this.variants.get(Name) ?? this.parameter } };
    },
    putParameter: async ({ Name, Value }) => {
      await this.before('putParameter');
      if (this.variants.has(Name)) this.variants.set(Name, Value);
      else this.parameter = Value;
    },
  };

  readonly cloudFormation: CloudFormationApi = {
    describeStacks: async () => {
      await this.before('describeStacks');
      return {
        Stacks: [
          {
            StackId: STACK_ID,
            StackStatus: this.stackStatus,
            Outputs: [
              ...(this.guards ? [{ OutputKey: GUARDS_OUTPUT, OutputValue: JSON.stringify(this.guards) }] : []),
              { OutputKey: 'EndpointConfigName', OutputValue: this.askedEndpointConfig ?? `config-of-${this.served}` },
            ],
            Parameters: [{ ParameterKey: 'ReleasedModelPackage' }, { ParameterKey: 'BootstrapVersion' }],
          },
        ],
      };
    },
    describeStackEvents: async () => {
      await this.before('describeStackEvents');
      return { StackEvents: this.events.toReversed() };
    },
    getTemplate: async () => ({ TemplateBody: '{"Resources":{}}' }),
    updateStack: async ({ ClientRequestToken: token }) => {
      await this.before('updateStack');
      if (this.fate === 'is-lost') throw new ServiceException('TimeoutError', 'socket hang up');
      if (this.fate === 'is-refused')
        throw new ServiceException('ValidationError', 'Template error: unresolved condition');
      if (this.running) {
        throw new ServiceException(
          'ValidationError',
          `Stack:${STACK_ID} is in UPDATE_IN_PROGRESS state and can not be updated.`,
        );
      }
      if (this.events.some(({ ClientRequestToken }) => ClientRequestToken === token)) {
        throw new ServiceException('TokenAlreadyExistsException', 'Token already exists');
      }
      if (this.parameter === this.resolved) {
        throw new ServiceException('ValidationError', 'No updates are to be performed.');
      }
      this.updates.push(this.parameter);
      this.tokens.push(token);
      this.running = { token, wanted: this.parameter, fate: this.fate };
      this.stackEvent(token, 'UPDATE_IN_PROGRESS', 'User Initiated');
      if (this.fate === 'is-answered-too-late') throw new ServiceException('TimeoutError', 'socket hang up');
    },
  };

  /** When the endpoint came to rest. @default - the service doesn't say */
  lastModified: Date | undefined;
  /** What the stack says of its guards. @default - it is of before they were judged */
  guards: WatchedGuards | undefined;
  /** Definitions of those alarms. */
  guardAlarms: GuardAlarm[] = [];
  /** Data points by the id of the query; the first is that of the first period. */
  readonly metricData = new Map<string, readonly (number | null)[]>();
  /** What was asked of the metrics. */
  /** By id of a query. @default - complete */
  readonly metricStatus = new Map<string, Pick<MetricSeries, 'StatusCode' | 'Messages'>>();
  readonly metricRequests: Parameters<ReleaseApi['cloudWatch']['getMetricData']>[0][] = [];

  readonly cloudWatch: ReleaseApi['cloudWatch'] = {
    describeAlarms: async ({ AlarmNames }) => {
      await this.before('describeAlarms');
      return { MetricAlarms: this.guardAlarms.filter(({ AlarmName = '' }) => AlarmNames.includes(AlarmName)) };
    },
    getMetricData: async (request) => {
      await this.before('getMetricData');
      this.metricRequests.push(request);
      const period = (request.MetricDataQueries.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 60) * 1000;
      const MetricDataResults = request.MetricDataQueries.filter(({ ReturnData }) => ReturnData).map(({ Id = '' }) => {
        const found = (this.metricData.get(Id) ?? []).map((value, index) => ({
          at: new Date(request.StartTime.getTime() + index * period),
          value,
        }));
        const points = found.filter(({ at, value }) => value !== null && at < request.EndTime);
        const series = { Timestamps: points.map(({ at }) => at), Values: points.map(({ value }) => value as number) };
        return { Id, ...series, ...this.metricStatus.get(Id) };
      });
      return { MetricDataResults };
    },
    describeAlarmHistory: async ({ AlarmName, StartDate, EndDate }) => {
      await this.before('describeAlarmHistory');
      const fired = this.alarms.get(AlarmName) ?? [];
      return {
        AlarmHistoryItems: fired
          .filter(({ at }) => StartDate <= new Date(at) && new Date(at) <= EndDate)
          .map(({ at, reason }) => ({
            AlarmName,
            Timestamp: new Date(at),
            HistoryData: JSON.stringify({ newState: { stateValue: 'ALARM', stateReason: reason } }),
          })),
      };
    },
  };

  readonly s3: ChampionApi & S3ListApi = {
    listObjects: async ({ Prefix }) => {
      await this.before('listObjects');
      return { Contents: [...this.objects.keys()].filter((key) => key.startsWith(Prefix)).map((Key) => ({ Key })) };
    },
    headObject: async () => {
      await this.before('headObject');
      return { ContentLength: this.artefactBytes, ETag: '"artefact"' };
    },
    createMultipartUpload: async () => {
      await this.before('createMultipartUpload');
      return { UploadId: 'upload' };
    },
    uploadPartCopy: async ({ PartNumber, CopySourceRange, CopySourceIfMatch }) => {
      await this.before('uploadPartCopy');
      return { CopyPartResult: { ETag: `"${PartNumber} ${CopySourceRange} ${CopySourceIfMatch}"` } };
    },
    completeMultipartUpload: async ({ Key, MultipartUpload: { Parts } }) => {
      await this.before('completeMultipartUpload');
      this.objects.set(Key, { body: Parts.map(({ ETag }) => ETag).join('\n'), etag: `"${++this.writes}"` });
    },
    abortMultipartUpload: async () => {
      await this.before('abortMultipartUpload');
    },
    copyObject: async ({ Key, CopySource }) => {
      await this.before('copyObject');
      this.objects.set(Key, { body: `copy of ${CopySource}`, etag: `"${++this.writes}"` });
    },
    getObject: async ({ Key }) => {
      await this.before('getObject');
      const object = this.objects.get(Key);
      if (!object) throw new ServiceException('NoSuchKey', 'The specified key does not exist.');
      return { Body: { transformToString: async () => object.body }, ETag: object.etag };
    },
    putObject: async ({ Key, Body, IfMatch, IfNoneMatch }) => {
      await this.before('putObject');
      const existing = this.objects.get(Key);
      if ((IfNoneMatch === '*' && existing) || (IfMatch !== undefined && existing?.etag !== IfMatch)) {
        throw new ServiceException(
          'PreconditionFailed',
          'At least one of the pre-conditions you specified did not hold',
        );
      }
      this.objects.set(Key, { body: Body, etag: `"${++this.writes}"` });
    },
  };

  /** Tells of the stack itself, in an operation of this token. */
  stackEvent(token: string, status: string, reason?: string): void {
    this.stackStatus = status;
    this.event(token, {
      ResourceType: 'AWS::CloudFormation::Stack',
      ResourceStatus: status,
      ResourceStatusReason: reason,
    });
  }

  private event(token: string, event: StackEvent): void {
    this.events.push({ ...event, ClientRequestToken: token });
  }
}

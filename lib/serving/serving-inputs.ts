import type { CfnCondition, Duration, Stack } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ModelSpec } from '../../config/model-spec';
import type { Network } from '../../constructs/network/network';
import type { RegisteredModel } from '../../constructs/registry/registered-model';
import type { SourceRegistry } from '../../constructs/registry/source-registry';
import type { Keys } from '../../constructs/security/keys';
import type { ServingEndpoint } from '../../constructs/serving/serving-endpoint';
import type { DataLake } from '../../constructs/storage/data-lake';
import type { Environment } from '../environment-stack';

/** What a mode's composition builds on: everything of the serving stack that doesn't depend on the mode. */
export interface ServingInputs {
  readonly stack: Stack;
  readonly environment: Environment;
  readonly modelName: string;
  readonly spec: ModelSpec;
  readonly network: Network;
  readonly keys: Keys;
  readonly lake: DataLake;
  readonly registered: RegisteredModel;
  /** ARN of the released model package. */
  readonly modelPackageArn: string;
  /** `HasModel`: whether anything is released. */
  readonly condition: CfnCondition;
  readonly images: readonly IRepository[];
  /** The registry of another environment, if releases are from there. */
  readonly source: SourceRegistry | undefined;
  /** Hears of every alarm. */
  readonly action: IAlarmAction;
  /** Hears of every alarm and every release. */
  readonly topic: ITopic;
}

/** What a mode's composition made. */
export interface Served {
  /** Of all models, for whoever creates models has to hand it over. */
  readonly executionRole: IRole;
  /** What a release hands over besides. @default - nothing */
  readonly furtherRoles?: readonly IRole[];
  /** Lets whoever releases change what else a release changes. @default - nothing */
  readonly grantRelease?: (grantee: IGrantable) => void;
  /** Undefined for batch transform. */
  readonly endpoint?: ServingEndpoint;
  /** The longest that one release may take. */
  readonly releaseLimit: Duration;
}

import { modelName, NO_RELEASE, releaseParameterName, stackName } from '../../names';
import type { ApprovalPolicy } from '../approval/approval-policy';
import type { ReleasePorts } from '../ports';
import { type RegistrySource, registryOf } from '../registry';
import type { ReleaseApi } from './api';
import { approvalStore } from './approval-store';
import { firedAlarms } from './fired-alarms';
import { guardJudgement } from './guard-judgement';
import { liveRelease } from './live-release';
import { modelPackages } from './model-packages';
import { evidenceStore, releaseStateStore } from './release-records';
import { servingStack } from './serving-stack';

export interface ReleasePortsProps {
  readonly environment: string;
  /** As in `config/models.ts`. */
  readonly model: string;
  /** Environment whose registry has the versions. @default - the environment itself */
  readonly registry?: RegistrySource;
  readonly api: ReleaseApi;
  readonly evidenceBucket: string;
  /** Role of the serving stack that CloudFormation does releases in. @default - the role of the stack's last update */
  readonly releaseRoleArn?: string;
  /** @default - one person, whose approval counts for good */
  readonly approvalPolicy?: ApprovalPolicy;
  /** How many times faster than configured waits go by. @default - as configured */
  readonly speed?: () => Promise<number>;
  readonly notify: ReleasePorts['notify'];
  readonly now: () => Date;
}

/** One model's release in a real account, or in one that is emulated. */
export function releasePorts(props: ReleasePortsProps): ReleasePorts {
  const { environment, model, api, evidenceBucket, releaseRoleArn, notify, now } = props;
  const { approvalPolicy = { people: 1 }, speed = async () => 1 } = props;
  const parameter = releaseParameterName(environment, model);
  const endpointName = modelName(environment, model);
  const serving = stackName(environment, 'serving', model);
  return {
    environment,
    model,
    registry: registryOf(environment, model, props.registry),
    packages: modelPackages(api.sageMaker),
    parameter: {
      read: async () => (await api.ssm.getParameter({ Name: parameter })).Parameter?.Value ?? NO_RELEASE,
      write: async (value) => {
        await api.ssm.putParameter({ Name: parameter, Value: value, Overwrite: true });
      },
    },
    stack: servingStack(api.cloudFormation, { stackName: serving, roleArn: releaseRoleArn }),
    endpoint: { live: () => liveRelease(api, endpointName, serving) },
    alarms: firedAlarms(api.cloudWatch, now),
    guards: guardJudgement({ api, stackName: serving, endpointName, speed, now }),
    approvalPolicy,
    approvals: approvalStore(api.s3, evidenceBucket, environment, model),
    state: releaseStateStore(api.s3, evidenceBucket, environment, model),
    evidence: evidenceStore(api.s3, evidenceBucket),
    notify,
    now,
  };
}

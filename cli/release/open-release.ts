import { approvalPolicy } from '../../config/approval-policy';
import { InvalidInputError } from '../../core/invalid-input-error';
import { modelName, stackName } from '../../core/names';
import { releasePorts } from '../../core/release/aws/release-ports';
import { errorMessage } from '../../core/release/aws/service-errors';
import type { ReleasePorts } from '../../core/release/ports';
import type { Chosen } from '../model-argument';
import type { Surroundings } from '../output';
import type { EvidenceLocation } from './evidence-entry';
import type { ReleaseCliApi } from './release-cli-api';
import { deployedStack } from './stack-outputs';

/** The release of one model, within reach of a command. */
export interface OpenRelease {
  readonly chosen: Chosen;
  readonly api: ReleaseCliApi;
  readonly ports: ReleasePorts;
  readonly evidence: EvidenceLocation;
}

export interface OpenReleaseProps {
  readonly chosen: Chosen;
  readonly api: ReleaseCliApi;
  readonly surroundings: Pick<Surroundings, 'now' | 'out'>;
  /** Whether the command changes the release: it then takes the serving stack's release role and topic. */
  readonly toChange: boolean;
}

/**
 * Finds the evidence bucket, and what else the stacks give as outputs.
 * @throws InvalidInputError if a stack isn't deployed, or stands in another account than the environment
 */
export async function openRelease({ chosen, api, surroundings, toChange }: OpenReleaseProps): Promise<OpenRelease> {
  const { environmentName, model, source } = chosen;
  const { EvidenceBucketName: bucket } = await outputsOf(chosen, api, stackName(environmentName, 'data'));
  if (!bucket) throw notDeployed(chosen, stackName(environmentName, 'data'), 'no output EvidenceBucketName');
  const serving = toChange ? await outputsOf(chosen, api, stackName(environmentName, 'serving', model)) : {};
  const ports = releasePorts({
    environment: environmentName,
    model,
    registry: source && { environment: source.environmentName, account: source.account },
    api,
    evidenceBucket: bucket,
    approvalPolicy: approvalPolicy(chosen.environment.approval),
    releaseRoleArn: serving.ReleaseRoleArn,
    speed: async () => (await api.speedOf?.(modelName(environmentName, model))) ?? 1,
    notify: async (subject, message) => {
      if (!serving.AlarmTopicArn) return;
      try {
        // SNS refuses longer subjects.
        await api.sns.publish({ TopicArn: serving.AlarmTopicArn, Subject: subject.slice(0, 100), Message: message });
      } catch (error) {
        // The outcome is recorded already; whoever ran the command sees it.
        surroundings.out.note(`${serving.AlarmTopicArn}: was not told of the outcome, got ${errorMessage(error)}`);
      }
    },
    now: surroundings.now,
  });
  return { chosen, api, ports, evidence: { api, bucket, environment: environmentName, model } };
}

async function outputsOf(chosen: Chosen, api: ReleaseCliApi, stack: string): Promise<Readonly<Record<string, string>>> {
  const deployed = await deployedStack(api.cloudFormation, stack);
  if (!deployed) throw notDeployed(chosen, stack, 'no such stack');
  const { account } = chosen.environment;
  if (deployed.account !== '' && deployed.account !== account) {
    throw new InvalidInputError(
      `--env ${chosen.environmentName}`,
      `is account ${account}, got credentials of ${deployed.account}`,
      'choose another AWS_PROFILE, or the environment of these credentials',
    );
  }
  return deployed.outputs;
}

function notDeployed({ environment, environmentName }: Chosen, stack: string, found: string): InvalidInputError {
  return new InvalidInputError(
    stack,
    `is not deployed in ${environment.region}, got ${found}`,
    environment.emulated
      ? 'run npx mlops local up'
      : `deploy environment ${environmentName}, or use credentials of its account ${environment.account}`,
  );
}

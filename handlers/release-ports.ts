import { releasePorts } from '../core/release/aws/release-ports';
import type { ReleasePorts } from '../core/release/ports';
import type { HandlerApi } from './aws-release-api';
import type { Settings } from './settings';

/** The release of the model that this handler is for. */
export function handlerPorts(settings: Settings, api: HandlerApi, now: () => Date): ReleasePorts {
  const { REGISTRY_ENVIRONMENT: environment, REGISTRY_ACCOUNT: account } = settings;
  return releasePorts({
    environment: settings.ENVIRONMENT,
    model: settings.MODEL,
    registry: environment !== undefined && account !== undefined ? { environment, account } : undefined,
    evidenceBucket: settings.EVIDENCE_BUCKET,
    releaseRoleArn: settings.RELEASE_ROLE_ARN,
    approvalPolicy: { people: settings.APPROVAL_PEOPLE, expiresHours: settings.APPROVAL_EXPIRES_HOURS },
    api,
    speed: async () => settings.MLOPS_CLOCK_SPEED ?? 1,
    notify: async (subject, message) => {
      // SNS refuses longer subjects.
      await api.sns.publish({ TopicArn: settings.TOPIC_ARN, Subject: subject.slice(0, 100), Message: message });
    },
    now,
  });
}

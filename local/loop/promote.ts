import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
} from '@aws-sdk/client-sagemaker';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { releaseParameterName } from '../../core/names';
import { describeStage } from '../../core/release/shift/describe-shift';
import { shiftProgress } from '../../core/release/shift/shift-progress';
import type { Approved } from './approve';
import type { Say } from './progress';
import type { Target } from './target';
import { waitUntil } from './wait-until';

/** A rollback that was there before looks like one of this release, until its update begins. */
const BEGINS_SECONDS = 15;
/** Long enough for two fleets of servers to start on a busy machine. */
const TIMEOUT_SECONDS = 600;

export interface AwaitPromotionOptions {
  /** How long an update may take to begin once the release parameter is written, in seconds. @default 15 */
  readonly beginsSeconds?: number;
}

export interface Promoted {
  readonly endpoint: string;
  readonly status: string;
}

/**
 * Watches the approval's event do its work: the release parameter is written, the serving stack is updated, and the
 * endpoint ends with the approved package behind it.
 * @throws Error if the stack went back to the earlier release, or if nothing happens for ten minutes
 */
export async function awaitPromotion(
  target: Target,
  approved: Approved,
  say: Say,
  { beginsSeconds = BEGINS_SECONDS }: AwaitPromotionOptions = {},
): Promise<Promoted> {
  let last = 'nothing has happened yet';
  const note = (message: string) => {
    last = message;
    say(message);
  };
  const within = { timeoutSeconds: TIMEOUT_SECONDS };
  const stuck = () =>
    `${target.name}: version ${approved.version} was not promoted in ten minutes, ${last}; run npx mlops local status`;

  await waitUntil(async () => ((await releasedPackage(target)) === approved.arn ? true : undefined), stuck, within);
  note('the release parameter names the package');
  const latest = Date.now() + beginsSeconds * 1000;
  let isUnderWay = false;
  await waitUntil(
    async () => {
      const { Stacks: [stack] = [] } = await target.clients.cloudFormation.send(
        new DescribeStacksCommand({ StackName: target.servingStack }),
      );
      const status = stack?.StackStatus ?? 'missing';
      note(`stack ${target.servingStack} is ${status}${await shiftOf(target)}`);
      isUnderWay ||= status.endsWith('_IN_PROGRESS');
      if (/ROLLBACK|FAILED/.test(status) && (isUnderWay || Date.now() >= latest)) {
        throw new Error(
          `${target.servingStack}: went back to the earlier release, got ${status} ${stack?.StackStatusReason ?? ''}; see its events`,
        );
      }
      const live = status.endsWith('_COMPLETE') ? await livePackage(target) : undefined;
      return live === approved.arn ? true : undefined;
    },
    stuck,
    within,
  );
  const { EndpointStatus = 'Unknown' } = await target.clients.sageMaker.send(
    new DescribeEndpointCommand({ EndpointName: target.name }),
  );
  return { endpoint: target.name, status: EndpointStatus };
}

/** How far the traffic has moved; nothing while it doesn't. */
async function shiftOf({ clients, name }: Target): Promise<string> {
  const endpoint = await clients.sageMaker.send(new DescribeEndpointCommand({ EndpointName: name })).catch(() => ({}));
  const progress = shiftProgress(endpoint, new Date());
  return progress ? `: ${describeStage(progress)}` : '';
}

async function releasedPackage(target: Target): Promise<string | undefined> {
  const { environment, model } = target.props;
  const { Parameter } = await target.clients.ssm.send(
    new GetParameterCommand({ Name: releaseParameterName(environment, model) }),
  );
  return Parameter?.Value;
}

/** The model package that the endpoint serves. @returns undefined if there is no endpoint or it is on its way */
export async function livePackage(target: Target): Promise<string | undefined> {
  const { sageMaker } = target.clients;
  try {
    const endpoint = await sageMaker.send(new DescribeEndpointCommand({ EndpointName: target.name }));
    if (endpoint.EndpointStatus !== 'InService') return undefined;
    const config = await sageMaker.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName: endpoint.EndpointConfigName }),
    );
    const model = await sageMaker.send(
      new DescribeModelCommand({ ModelName: config.ProductionVariants?.[0]?.ModelName }),
    );
    return (model.PrimaryContainer ?? model.Containers?.[0])?.ModelPackageName;
  } catch {
    return undefined;
  }
}

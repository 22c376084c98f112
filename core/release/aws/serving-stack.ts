import { createHash } from 'node:crypto';
import { ENDPOINT_CONFIG_OUTPUT } from '../../names';
import type { ServingStackPort, StackOperation, UpdateAnswer } from '../ports';
import type { CloudFormationApi, StackDescription, StackEvent } from './api';
import { errorMessage, errorName } from './service-errors';

/** An update of a serving stack has a few dozen events; CloudFormation gives a hundred a page. */
const EVENT_PAGES = 10;

const STACK = 'AWS::CloudFormation::Stack';

export interface ServingStackOptions {
  readonly stackName: string;
  /** The narrow role that CloudFormation does the update in. @default - the role of the stack's last update */
  readonly roleArn?: string;
}

/** The serving stack by the CloudFormation API. */
export function servingStack(api: CloudFormationApi, { stackName, roleArn }: ServingStackOptions): ServingStackPort {
  return {
    describe: async () => {
      const stack = await describe(api, stackName);
      return {
        id: stack.StackId ?? stackName,
        status: stack.StackStatus ?? 'UNKNOWN',
        reason: stack.StackStatusReason ?? null,
        endpointConfig:
          stack.Outputs?.find(({ OutputKey }) => OutputKey === ENDPOINT_CONFIG_OUTPUT)?.OutputValue ?? null,
      };
    },
    update: async (token) => {
      const stack = await describe(api, stackName);
      try {
        await api.updateStack({
          StackName: stackName,
          UsePreviousTemplate: true,
          // "Previous" is the name of the release parameter: CloudFormation reads its value anew.
          Parameters: (stack.Parameters ?? []).map(({ ParameterKey = '' }) => ({
            ParameterKey,
            UsePreviousValue: true,
          })),
          Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
          RoleARN: roleArn,
          ClientRequestToken: token,
        });
        return { kind: 'started' };
      } catch (error) {
        return toAnswer(error);
      }
    },
    operation: (token) => findOperation(api, stackName, token),
    templateHash: async () => {
      const { TemplateBody = '' } = await api.getTemplate({ StackName: stackName });
      return createHash('sha256').update(TemplateBody).digest('hex');
    },
  };
}

async function describe(api: CloudFormationApi, stackName: string): Promise<StackDescription> {
  const { Stacks: [stack] = [] } = await api.describeStacks({ StackName: stackName });
  if (!stack) throw new Error(`${stackName}: is not deployed, got no such stack; deploy the environment first`);
  return stack;
}

/** @throws unless the service has made up its mind: after a network error the update may run or not */
function toAnswer(error: unknown): UpdateAnswer {
  const why = errorMessage(error);
  switch (errorName(error)) {
    case 'ValidationError':
      if (/no updates are to be performed/i.test(why)) return { kind: 'unchanged' };
      return /_IN_PROGRESS state/.test(why) ? { kind: 'busy', why } : { kind: 'refused', why };
    case 'TokenAlreadyExistsException':
      return { kind: 'started' };
    case 'InsufficientCapabilitiesException':
    case 'AccessDenied':
    case 'AccessDeniedException':
      return { kind: 'refused', why };
    default:
      throw error;
  }
}

async function findOperation(
  api: CloudFormationApi,
  stackName: string,
  token: string,
): Promise<StackOperation | undefined> {
  const events: StackEvent[] = [];
  let page: string | undefined;
  for (let pages = 0; pages < EVENT_PAGES; pages++) {
    const { StackEvents = [], NextToken } = await api.describeStackEvents({ StackName: stackName, NextToken: page });
    events.push(...StackEvents);
    // Newest first: once ours have been passed, all that follows is older.
    const passed = events.some(isOurs) && StackEvents.some((event) => !isOurs(event));
    if (NextToken === undefined || passed) break;
    page = NextToken;
  }
  const begun = events.findLastIndex(isOurs);
  return begun === -1 ? undefined : toOperation(events.slice(0, begun + 1));

  function isOurs({ ClientRequestToken }: StackEvent): boolean {
    return ClientRequestToken === token;
  }
}

/**
 * Operations of a stack never overlap, so the first end of one after ours had begun is the end of ours: the rollback of
 * an update that somebody cancelled carries the token of their call.
 * @param since the newest event first, the first of ours last
 */
function toOperation(since: readonly StackEvent[]): StackOperation | undefined {
  const end = since.findLastIndex((event) => isStack(event) && !event.ResourceStatus?.endsWith('_IN_PROGRESS'));
  const own = end === -1 ? since : since.slice(end);
  const newest = own.find(isStack);
  if (!newest) return undefined;
  const firstFailure = own.findLast(
    (event) => !isStack(event) && event.ResourceStatus?.endsWith('_FAILED') && !isConsequence(event),
  );
  return {
    status: newest.ResourceStatus ?? 'UNKNOWN',
    failure: firstFailure
      ? `${firstFailure.LogicalResourceId}: ${firstFailure.ResourceStatusReason ?? firstFailure.ResourceStatus}`
      : (own.findLast((event) => isStack(event) && isFailure(event))?.ResourceStatusReason ?? null),
  };
}

function isStack({ ResourceType }: StackEvent): boolean {
  return ResourceType === STACK;
}

function isFailure({ ResourceStatus = '' }: StackEvent): boolean {
  return /ROLLBACK|FAILED/.test(ResourceStatus);
}

/** Resources whose update was only cut off because another failed. */
function isConsequence({ ResourceStatusReason = '' }: StackEvent): boolean {
  return /cancelled/i.test(ResourceStatusReason);
}

import {
  type Change,
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  paginateDescribeStackEvents,
  UpdateStackCommand,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { releaseParameterName, stackName } from '../../core/names';
import { localClientConfig } from '../../local/clients';

const STACK = stackName('local', 'serving', 'flight-delay');
const RELEASE = releaseParameterName('local', 'flight-delay');
const CHANGE_SET = 'test-changes';
/** Where the CDK puts templates: what goes with a request has 51,200 characters at most. */
const ASSETS = 'cdk-hnb659fds-assets-000000000000-us-east-1';
const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] as const;

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>>;
}

/** The serving stack of environment local, asked what would change and what has. */
export class StackChanges {
  private readonly cloudFormation: CloudFormationClient;
  private readonly ssm: SSMClient;
  private readonly s3: S3Client;

  constructor(endpoint: string) {
    const config = localClientConfig(endpoint, 'us-east-1');
    this.cloudFormation = new CloudFormationClient(config);
    this.ssm = new SSMClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
  }

  /** What a release of the package would change, `TYPE action` each; nothing is changed. */
  async ofRelease(modelPackage: string): Promise<string[]> {
    const { Parameter } = await this.ssm.send(new GetParameterCommand({ Name: RELEASE }));
    const set = (Value: string | undefined) =>
      this.ssm.send(new PutParameterCommand({ Name: RELEASE, Value, Overwrite: true }));
    await set(modelPackage);
    try {
      return await this.planned({ UsePreviousTemplate: true });
    } finally {
      await set(Parameter?.Value);
    }
  }

  /** Deploys the stack with one property of one resource changed. @returns what that was to change */
  async deploy(logicalId: RegExp, property: string, value: unknown): Promise<string[]> {
    const { TemplateBody = '{}' } = await this.cloudFormation.send(new GetTemplateCommand({ StackName: STACK }));
    const template = JSON.parse(TemplateBody) as Template;
    const [id = ''] = Object.keys(template.Resources).filter((each) => logicalId.test(each));
    Object.assign(template.Resources[id]?.Properties ?? {}, { [property]: value });
    const changed = await this.uploaded(template);
    const planned = await this.planned(changed);
    await this.cloudFormation.send(
      new UpdateStackCommand({
        StackName: STACK,
        ...changed,
        Capabilities: [...CAPABILITIES],
        Parameters: await this.parameters(),
      }),
    );
    await waitUntilStackUpdateComplete(
      { client: this.cloudFormation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
      { StackName: STACK },
    );
    return planned;
  }

  /** Physical ids by type and logical id. */
  async resources(): Promise<ReadonlyMap<string, string>> {
    const { StackResourceSummaries = [] } = await this.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: STACK }),
    );
    return new Map(
      StackResourceSummaries.map(({ ResourceType, LogicalResourceId, PhysicalResourceId = '' }) => {
        return [`${ResourceType} ${LogicalResourceId}`, PhysicalResourceId];
      }),
    );
  }

  /** Types of what is there now and was not made with the stack: what came with the first release. */
  async typesSinceCreation(): Promise<string[]> {
    const created = new Set<string>();
    for await (const { StackEvents = [] } of paginateDescribeStackEvents(
      { client: this.cloudFormation },
      { StackName: STACK },
    ))
      for (const { ResourceStatus, ResourceType, LogicalResourceId } of StackEvents)
        if (ResourceStatus === 'CREATE_COMPLETE') created.add(`${ResourceType} ${LogicalResourceId}`);
    return [...(await this.resources()).keys()]
      .filter((each) => !created.has(each))
      .map(typeOf)
      .sort();
  }

  private async uploaded(template: Template): Promise<{ TemplateURL: string }> {
    const Key = 'changed.template.json';
    await this.s3.send(new PutObjectCommand({ Bucket: ASSETS, Key, Body: JSON.stringify(template) }));
    return { TemplateURL: `https://s3.us-east-1.amazonaws.com/${ASSETS}/${Key}` };
  }

  private async planned(template: { UsePreviousTemplate: true } | { TemplateURL: string }): Promise<string[]> {
    const name = { StackName: STACK, ChangeSetName: CHANGE_SET };
    const Parameters = await this.parameters();
    await this.cloudFormation.send(
      new CreateChangeSetCommand({ ...name, ...template, Parameters, Capabilities: [...CAPABILITIES] }),
    );
    // The emulator compares before it answers.
    const { Changes = [] } = await this.cloudFormation.send(new DescribeChangeSetCommand(name));
    await this.cloudFormation.send(new DeleteChangeSetCommand(name));
    return Changes.map(describeChange).sort();
  }

  private async parameters() {
    const { Stacks: [stack] = [] } = await this.cloudFormation.send(new DescribeStacksCommand({ StackName: STACK }));
    return (stack?.Parameters ?? []).map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true }));
  }
}

/** Types of the resources that were replaced, made or removed between two looks. */
export function replaced(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all]
    .filter((each) => before.get(each) !== after.get(each))
    .map(typeOf)
    .sort();
}

function describeChange({ ResourceChange: { ResourceType, Action, Replacement } = {} }: Change): string {
  return `${ResourceType} ${Replacement === 'True' ? 'replaced' : Action === 'Modify' ? 'modified' : Action}`;
}

function typeOf(resource: string): string {
  return resource.split(' ')[0] ?? '';
}

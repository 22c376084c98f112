import { isDeepStrictEqual } from 'node:util';
import { DescribeStacksCommand, GetTemplateCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { ListEndpointsCommand } from '@aws-sdk/client-sagemaker';
import { type Clients, localClients } from '../clients';
import { LocalImages } from '../image/local-images';
import { waitUntil } from '../loop/wait-until';
import { Cdk, type CdkProps } from './cdk';
import type { AssemblyStack, CloudAssembly } from './cloud-assembly';
import { isFailure, parseStackEvent } from './stack-events';
import { synthesise } from './synthesise';

export interface DeployLocalProps extends Omit<CdkProps, 'endpoint'> {
  /** `http://localhost:PORT` of the emulator, once it answers: the stacks are synthesised meanwhile. */
  readonly endpoint: Promise<string>;
  /** Environments that images are made with: nothing is built before. */
  readonly python: Promise<unknown>;
  /** Name of the environment in config/environments.ts, and of its stage. */
  readonly environment: string;
  readonly onProgress?: (message: string) => void;
}

export interface DeployedStack {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What `cdk bootstrap` makes. */
const BOOTSTRAP_STACK = 'CDKToolkit';
const GOOD = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];
/** Longest wait for stacks that a killed run left busy, in seconds. */
const SETTLE_SECONDS = 120;
/** Stacks that the CDK deploys at the same time. */
const CONCURRENCY = 4;

/**
 * Deploys the stacks of the environment with the CDK's own command. What hasn't changed since the last time is neither
 * synthesised nor deployed again.
 * @throws Error that names the stack, the resource and the reason
 */
export async function deployLocal(props: DeployLocalProps): Promise<{ readonly stacks: readonly DeployedStack[] }> {
  const { state, repository, environment, variables, onProgress = () => {} } = props;
  const needed = Promise.all([props.endpoint, props.python]);
  let waiting = true;
  const there = () => void (waiting = false);
  needed.then(there, there);
  const assembly = await synthesise({
    state,
    repository,
    environment,
    cdk: new Cdk({ state, repository, variables }),
    onProgress,
  });
  if (waiting) onProgress('waiting for Python and the local AWS');
  const [endpoint] = await needed;
  const cdk = new Cdk({ state, repository, variables, endpoint });
  const clients = localClients(endpoint, assembly.region);
  const images = new LocalImages(state);
  for (const { tag, ...image } of assembly.images) {
    // The emulator may remember an image whose files are gone, and the CDK would then not build it again.
    if (images.find(tag)) continue;
    onProgress('building the image');
    await images.build({ ...image, name: tag, environment: variables, onProgress });
  }
  await settle(clients, endpoint, onProgress);
  if (!(await describe(clients, BOOTSTRAP_STACK))) {
    onProgress('preparing the account for the CDK');
    await cdk.run(['bootstrap', assembly.target, '--app', assembly.directory]);
  }
  const changed = await changedStacks(clients, assembly.stacks);
  if (changed.length > 0) await deploy(cdk, assembly, changed, onProgress);
  return { stacks: await Promise.all(assembly.stacks.map(({ name }) => deployed(clients, name, cdk.log))) };
}

async function deploy(
  cdk: Cdk,
  { directory }: CloudAssembly,
  changed: readonly AssemblyStack[],
  onProgress: (message: string) => void,
): Promise<void> {
  const failures = new Set<string>();
  const finished = new Set<string>();
  let said = '';
  const onLine = (line: string) => {
    for (const { name } of changed) if (line.includes('✅') && line.includes(`(${name})`)) finished.add(name);
    const event = parseStackEvent(line);
    if (!event) return;
    if (isFailure(event)) failures.add(`${event.stack}: ${event.type} ${event.text}`);
    const now = `${finished.size} of ${changed.length} stacks, now ${event.stack}`;
    if (now !== said) onProgress(now);
    said = now;
  };
  const options = ['--method=direct', '--require-approval=never', '--progress=events', `--concurrency=${CONCURRENCY}`];
  await cdk.run(['deploy', '--all', '--app', directory, ...options], onLine, failures);
}

/** Those that aren't there, or have failed, or run another template. */
async function changedStacks(clients: Clients, stacks: readonly AssemblyStack[]): Promise<readonly AssemblyStack[]> {
  const same = await Promise.all(
    stacks.map(async ({ name, template }) => {
      const stack = await describe(clients, name);
      if (!GOOD.includes(stack?.StackStatus ?? '')) return false;
      const { TemplateBody = 'null' } = await clients.cloudFormation.send(new GetTemplateCommand({ StackName: name }));
      return isDeepStrictEqual(JSON.parse(TemplateBody), template);
    }),
  );
  return stacks.filter((_, index) => !same[index]);
}

async function deployed(clients: Clients, name: string, log: string): Promise<DeployedStack> {
  const stack = await describe(clients, name);
  if (!stack?.StackStatus) throw new Error(`${name}: was not deployed, got no such stack; look at ${log}`);
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  return { name, status: stack.StackStatus, outputs: Object.fromEntries(outputs) };
}

/** @returns undefined if there is no such stack */
async function describe({ cloudFormation }: Clients, name: string): Promise<Stack | undefined> {
  return cloudFormation.send(new DescribeStacksCommand({ StackName: name })).then(
    ({ Stacks }) => Stacks?.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE'),
    (error: Error) => {
      if (error.message.includes('does not exist')) return undefined;
      throw error;
    },
  );
}

/** Waits for what a run that was killed left on its way: stacks that are being taken back, endpoints that change. */
async function settle(clients: Clients, endpoint: string, onProgress: (message: string) => void): Promise<void> {
  let busy: readonly string[] = [];
  await waitUntil(
    async () => {
      const health = (await (await fetch(`${endpoint}/_mlops/health`)).json()) as { readonly busyStacks: string[] };
      busy = [...health.busyStacks, ...(await changingEndpoints(clients))];
      if (busy.length > 0) onProgress(`waiting for ${busy.join(', ')}, which an earlier run left`);
      return busy.length === 0 || undefined;
    },
    () =>
      `${busy.join(', ')}: still busy after ${SETTLE_SECONDS} s, from a run that was killed; run again with --fresh`,
    { timeoutSeconds: SETTLE_SECONDS },
  );
}

/** CloudFormation can't update an endpoint that still works on an earlier update. */
async function changingEndpoints({ sageMaker }: Clients): Promise<string[]> {
  const { Endpoints = [] } = await sageMaker.send(new ListEndpointsCommand({ MaxResults: 100 }));
  return Endpoints.flatMap(({ EndpointName = '', EndpointStatus = '' }) =>
    ['Creating', 'Updating', 'RollingBack'].includes(EndpointStatus) ? [EndpointName] : [],
  );
}

import { isDeepStrictEqual } from 'node:util';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { type Clients, localClients } from '../clients';
import { LocalImages } from '../image/local-images';
import type { Variables } from '../python/find-python';
import type { StateDirectory } from '../state-directory';
import type { Cdk } from './cdk';
import type { AssemblyStack, CloudAssembly } from './cloud-assembly';
import { describeStack } from './describe-stack';
import { isFailure, parseStackEvent } from './stack-events';

export interface DeployAssemblyProps {
  readonly state: StateDirectory;
  readonly cdk: Cdk;
  /** `http://localhost:PORT` of the emulator. */
  readonly endpoint: string;
  readonly assembly: CloudAssembly;
  /** Environment variables of this process. */
  readonly variables: Variables;
  readonly onProgress: (message: string) => void;
}

export interface DeployedStack {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const GOOD = ['CREATE_COMPLETE', 'UPDATE_COMPLETE'];
/** Stacks that the CDK deploys at the same time. */
const CONCURRENCY = 4;

/** Builds the images that aren't there, and deploys the stacks that have changed. */
export async function deployAssembly(props: DeployAssemblyProps): Promise<readonly DeployedStack[]> {
  const { state, cdk, endpoint, assembly, variables, onProgress } = props;
  const clients = localClients(endpoint, assembly.region);
  const images = new LocalImages(state);
  for (const { tag, ...image } of assembly.images) {
    // The emulator may remember an image whose files are gone, and the CDK would then not build it again.
    if (images.find(tag)) continue;
    onProgress('building the image');
    await images.build({ ...image, name: tag, environment: variables, onProgress });
  }
  const changed = await changedStacks(clients, assembly.stacks);
  if (changed.length > 0) await deploy(cdk, assembly, changed, onProgress);
  return Promise.all(assembly.stacks.map(({ name }) => deployed(clients, name, cdk.log)));
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
  await cdk.run(['deploy', '--all', '--app', directory, ...options], { onLine, reasons: failures });
}

/** Those that aren't there, or have failed, or run another template. */
async function changedStacks(clients: Clients, stacks: readonly AssemblyStack[]): Promise<readonly AssemblyStack[]> {
  const same = await Promise.all(
    stacks.map(async ({ name, template }) => {
      const stack = await describeStack(clients, name);
      if (!GOOD.includes(stack?.StackStatus ?? '')) return false;
      const { TemplateBody = 'null' } = await clients.cloudFormation.send(new GetTemplateCommand({ StackName: name }));
      return isDeepStrictEqual(JSON.parse(TemplateBody), template);
    }),
  );
  return stacks.filter((_, index) => !same[index]);
}

async function deployed(clients: Clients, name: string, log: string): Promise<DeployedStack> {
  const stack = await describeStack(clients, name);
  if (!stack?.StackStatus) throw new Error(`${name}: was not deployed, got no such stack; look at ${log}`);
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  return { name, status: stack.StackStatus, outputs: Object.fromEntries(outputs) };
}

import { paginateListEndpoints } from '@aws-sdk/client-sagemaker';
import { type Clients, localClients } from '../clients';
import { waitUntil } from '../loop/wait-until';
import type { Cdk } from './cdk';
import { describeStack } from './describe-stack';

export interface PrepareAccountProps {
  readonly cdk: Cdk;
  /** `http://localhost:PORT` of the emulator. */
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly onProgress: (message: string) => void;
}

/** What `cdk bootstrap` makes. */
const BOOTSTRAP_STACK = 'CDKToolkit';
/** Longest wait for stacks that a killed run left busy, in seconds. */
const SETTLE_SECONDS = 120;

/** Waits until nothing of an earlier run is in the way, and has the CDK make what it needs itself, unless it is there. */
export async function prepareAccount(props: PrepareAccountProps): Promise<void> {
  const { cdk, endpoint, account, region, onProgress } = props;
  const clients = localClients(endpoint, region);
  await settle(clients, endpoint, onProgress);
  if (await describeStack(clients, BOOTSTRAP_STACK)) return;
  onProgress('preparing the account for the CDK');
  // Without an app: it would be synthesised once more, to look for other accounts in it.
  await cdk.run(['bootstrap', `aws://${account}/${region}`], { app: false });
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
      `${busy.join(', ')}: still busy after ${SETTLE_SECONDS} s, from an earlier run; see npx mlops status local, and run again once it is at rest, or start over with --fresh`,
    { timeoutSeconds: SETTLE_SECONDS },
  );
}

/** CloudFormation can't update an endpoint that still works on an earlier update. */
async function changingEndpoints({ sageMaker }: Clients): Promise<string[]> {
  const changing: string[] = [];
  for await (const { Endpoints = [] } of paginateListEndpoints({ client: sageMaker, pageSize: 100 }, {}))
    for (const { EndpointName = '', EndpointStatus = '' } of Endpoints)
      if (['Creating', 'Updating', 'RollingBack'].includes(EndpointStatus)) changing.push(EndpointName);
  return changing;
}

import { DeploymentHistory } from '../sagemaker/endpoint/deployment-history';
import type { Target } from './target';

/** The latest deployments of the model's endpoint, as only the laptop keeps them. @returns undefined if there is no endpoint */
export function readDeployments({ endpoint, name }: Target): Promise<DeploymentHistory | undefined> {
  return deploymentsAt(endpoint, name);
}

/** How many times faster than configured the endpoint's waits go by; 1 if there is no endpoint. */
export async function localSpeed(endpoint: string, name: string): Promise<number> {
  return (await deploymentsAt(endpoint, name))?.speed ?? 1;
}

async function deploymentsAt(endpoint: string, name: string): Promise<DeploymentHistory | undefined> {
  const answer = await fetch(`${endpoint}/_local/endpoints/${name}/deployments`);
  if (answer.status === 404) return undefined;
  if (!answer.ok) {
    throw new Error(
      `${endpoint}: must give the deployments of ${name}, got ${answer.status} ${await answer.text()}; run npx mlops local up`,
    );
  }
  return DeploymentHistory.parse(await answer.json());
}

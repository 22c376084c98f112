import type { IServiceAccount } from 'kubernetes-models/v1';

/** Who a model's pods are. EKS Pod Identity gives the name its permissions; a token for the API is never needed. */
export function serviceAccount(name: string): IServiceAccount {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name }, automountServiceAccountToken: false };
}

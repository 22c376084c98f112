import type { Context } from '../context';

/** @param resource kind and name, for example `model/churn` */
export function arn({ region, account }: Pick<Context, 'region' | 'account'>, resource: string): string {
  return `arn:aws:sagemaker:${region}:${account}:${resource}`;
}

/** The name in an ARN of that kind, for example `churn/3` of `…:model-package/churn/3`; a plain name is given back. */
export function nameOf(nameOrArn: string, kind: string): string {
  const match = /^arn:[^:]+:sagemaker:[^:]*:[^:]*:([^/]+)\/(.+)$/.exec(nameOrArn);
  return match?.[1] === kind ? (match[2] ?? nameOrArn) : nameOrArn;
}

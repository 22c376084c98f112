import type { LocalAwsStatus } from '../local/aws/local-aws';

/** Two lines that say what runs, and where. */
export function describeStatus({ endpoint, aws, sagemaker }: LocalAwsStatus): string[] {
  const line = (title: string, running?: { readonly pid: number; readonly port: number }, url?: string) =>
    `${title.padEnd(16)} ${running ? `runs at ${url ?? `http://127.0.0.1:${running.port}`}, process ${running.pid}` : 'stopped'}`;
  return [line('local AWS', aws, endpoint), line('local SageMaker', sagemaker)];
}

import type { LocalAwsStatus } from '../local/aws/local-aws';
import type { DaemonRecord } from '../local/daemon/daemon';

/** What `mlops local status --json` prints, and `mlops local down --json` of afterwards. Null is what doesn't run. */
export interface LocalStatusAnswer {
  /** Whether both processes run. */
  readonly running: boolean;
  /** `http://localhost:PORT` of the local AWS. */
  readonly endpoint: string | null;
  readonly aws: RunningProcess | null;
  readonly sagemaker: RunningProcess | null;
}

export interface RunningProcess {
  readonly pid: number;
  readonly port: number;
}

export function localStatusAnswer({ endpoint, aws, sagemaker }: LocalAwsStatus): LocalStatusAnswer {
  const processOf = (record?: DaemonRecord) => (record ? { pid: record.pid, port: record.port } : null);
  return {
    running: aws !== undefined && sagemaker !== undefined,
    endpoint: endpoint ?? null,
    aws: processOf(aws),
    sagemaker: processOf(sagemaker),
  };
}

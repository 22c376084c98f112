import { dirname, join } from 'node:path';
import { type RunResult, runLogged } from '../daemon/run-logged';
import type { Variables } from '../python/find-python';
import type { StateDirectory } from '../state-directory';

export interface CdkProps {
  readonly state: StateDirectory;
  /** Root of the checkout. */
  readonly repository: string;
  /** `http://localhost:PORT` of the emulator. @default - none: enough for a synthesis, which asks no service */
  readonly endpoint?: string;
  /** Of the emulated environment. */
  readonly region: string;
  /** Environment variables of this process. */
  readonly variables: Variables;
}

export interface CdkRunOptions {
  /** Called with every line that it prints. */
  readonly onLine?: (line: string) => void;
  /** Why it failed, where the last lines of its output don't say it best. @default - those lines */
  readonly reasons?: ReadonlySet<string>;
  /** Whether it may see the app of cdk.json. @default true */
  readonly app?: boolean;
}

/** The CDK's own command, pointed at the AWS of this machine. */
export class Cdk {
  constructor(private readonly props: CdkProps) {}

  /** Takes everything that it prints. */
  get log(): string {
    return join(this.props.state.logs, 'cdk.log');
  }

  /** @throws Error with the reasons, or else the last lines */
  async run(
    args: readonly [string, ...string[]],
    { onLine, reasons = new Set(), app = true }: CdkRunOptions = {},
  ): Promise<void> {
    const { repository, state } = this.props;
    const { code, tail }: RunResult = await runLogged({
      command: process.execPath,
      args: [join(repository, 'node_modules/aws-cdk/bin/cdk'), ...args, '--no-notices', '--no-color'],
      cwd: app ? repository : state.root,
      logFile: this.log,
      onLine,
      environment: this.environment(),
    });
    if (code === 0) return;
    const why = reasons.size > 0 ? [...reasons].join('\n  ') : tail;
    throw new Error(`cdk ${args[0]}: failed, got\n  ${why}\n; correct that and run again (all output: ${this.log})`);
  }

  private environment(): Variables {
    const { state, repository, endpoint, region, variables } = this.props;
    const own = Object.entries(variables).filter(([name]) => !/^(AWS|CDK)_/.test(name));
    return {
      ...Object.fromEntries(own),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: region,
      ...(endpoint !== undefined && { AWS_ENDPOINT_URL: endpoint }),
      // Neither a profile of the user's nor the address of a cloud machine may say who we are.
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DOCKER: join(repository, 'bin/local-docker.cjs'),
      MLOPS_STATE_DIR: state.root,
      MLOPS_PYTHON_DIR: state.pythonEnvironments,
      NODE_NO_WARNINGS: '1',
      PATH: [dirname(process.execPath), variables.PATH].join(':'),
    };
  }
}

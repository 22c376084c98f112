import { type RunResult, runLogged } from '../../../local/daemon/run-logged';

export interface GoCommandProps {
  readonly logFile: string;
  /** Where compiled packages are kept. */
  readonly cache: string;
  readonly onLine?: (line: string) => void;
}

/** Runs Go at a low priority, free of what the machine's user has set for work of their own. */
export async function goCommand(args: readonly string[], { logFile, cache, onLine }: GoCommandProps): Promise<string> {
  const environment = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off', GOCACHE: cache };
  const result = await runLogged({ command: 'nice', args: ['go', ...args], environment, logFile, onLine });
  if (result.code !== 0) throw new Error(problem(args, result, logFile));
  return result.output;
}

function problem(args: readonly string[], { code, tail }: RunResult, logFile: string): string {
  // What `nice` and a shell end with where there is no such program.
  if (code === 127) {
    return 'test:kubernetes: the control plane is built from Go modules, got no program go; install Go 1.26.1 or newer, or point KUBEBUILDER_ASSETS at etcd and kube-apiserver';
  }
  return `go ${args[0]}: must end with 0, got ${code}; read ${logFile}:\n${tail}`;
}

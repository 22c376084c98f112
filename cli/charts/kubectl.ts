import { spawn } from 'node:child_process';
import type { Surroundings } from '../output';

/** Of a kubectl that was ended from outside: it has no exit code, and what it printed is not all. */
const ENDED = 128;

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the user's kubectl. */
export type Kubectl = (words: readonly string[]) => Promise<KubectlResult>;

/** The kubectl on the PATH. What it prints is read, so nothing of the user's may show differences in its place. */
export function kubectlOnPath({ environment }: Pick<Surroundings, 'environment'>): Kubectl {
  return (words) =>
    new Promise((resolve, reject) => {
      const env = { ...environment, KUBECTL_EXTERNAL_DIFF: '' };
      const child = spawn('kubectl', [...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.on('error', (error: NodeJS.ErrnoException) => {
        const missing = error.code === 'ENOENT' ? 'is not on the PATH' : `can't be run, got ${error.message}`;
        reject(new Error(`kubectl: ${missing}; install it: https://kubernetes.io/docs/tasks/tools/`));
      });
      child.on('close', (code, signal) =>
        resolve(code === null ? { code: ENDED, stdout, stderr: `ended by ${signal}` } : { code, stdout, stderr }),
      );
    });
}

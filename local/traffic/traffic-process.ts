import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TrafficPlan } from './traffic-plan';
import { TrafficTotals } from './traffic-totals';

export interface TrafficProcessProps {
  /** Runs {@link generateTraffic} of the plan that it reads, and ends when its standard input does. */
  readonly command: readonly [string, ...string[]];
  readonly plan: TrafficPlan;
  /** Environment variables of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** For the last answers, and some. */
const STOP_MS = 10_000;

/**
 * Steady traffic from a process of its own, so that nothing that we do delays a request. It ends with this process,
 * however this one ends: its standard input is then closed.
 */
export class TrafficProcess {
  private latest: TrafficTotals | undefined;
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private complaint = '';

  constructor({ command: [program, ...words], plan, environment }: TrafficProcessProps) {
    this.child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...environment } });
    this.ended = once(this.child, 'close').catch(() => undefined);
    this.child.on('error', (error) => {
      this.complaint = error.message;
    });
    this.child.stdin?.on('error', () => undefined);
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.complaint = (this.complaint + chunk.toString()).slice(-1_000);
    });
    if (this.child.stdout)
      createInterface(this.child.stdout).on('line', (line) => {
        this.latest = TrafficTotals.parse(JSON.parse(line));
      });
    this.child.stdin?.write(`${JSON.stringify(plan)}\n`);
  }

  /** Undefined before the first second is over. */
  get totals(): TrafficTotals | undefined {
    return this.latest;
  }

  /** @throws Error if it has ended by itself */
  requireRunning(): void {
    const { exitCode, signalCode, pid } = this.child;
    if (pid !== undefined && exitCode === null && signalCode === null) return;
    throw new Error(
      `traffic: the process that sends requests has ended, got ${exitCode ?? signalCode ?? 'no start'} ${this.complaint.trim()}; run the command again`,
    );
  }

  /** Sends no more, waits for the answers that are out, and gives the last totals. */
  async stop(): Promise<TrafficTotals | undefined> {
    this.child.stdin?.end();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(timer);
    return this.latest;
  }
}

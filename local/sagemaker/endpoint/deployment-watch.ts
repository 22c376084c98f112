import type { AlarmSource } from '../alarm-source';
import type { Clock } from './clock';
import type { ExecutionTime } from './execution-time';
import { RolledBack } from './rolled-back';

export interface DeploymentWatchProps {
  /** @default nobody knows of alarms */
  readonly alarms?: AlarmSource;
  readonly alarmNames: readonly string[];
  readonly clock: Clock;
  readonly now: () => Date;
  readonly time: ExecutionTime;
  /** How many times faster than the clock waits go by. */
  readonly speed: number;
  /** The new fleet. */
  readonly green: { readonly serves: boolean };
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** Between two looks at the alarms on a clock that isn't sped up: CloudWatch itself looks every ten seconds at best. */
const POLL_MS = 10_000;
const SHORTEST_POLL_MS = 200;
/** A new fleet that answers nobody for so long isn't waited for. */
const DEAD_MS = 30_000;

/**
 * Watches over a deployment: its alarms, its new fleet and its time. Alarms that can't be read say nothing, so a
 * deployment stays where it is until they can be.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export class DeploymentWatch {
  private readonly pollMs: number;
  private unreadable = false;
  /** When the alarms were last seen to be quiet. */
  private quietAt: Date | undefined;
  private deadSince: number | undefined;

  constructor(private readonly props: DeploymentWatchProps) {
    this.pollMs = Math.max(SHORTEST_POLL_MS, POLL_MS / props.speed);
  }

  /**
   * Looks at the alarms before anything is begun. The service doesn't say what it does with one that is missing or
   * already in ALARM: it would send the traffic back in the first baking period, so here it isn't moved at all.
   * @throws RolledBack
   */
  async requireQuietAlarms(): Promise<void> {
    while (!(await this.alarmsAreQuiet())) await this.pause(this.pollMs);
  }

  /**
   * Waits that time, and then for a look at the alarms and a new fleet that answers.
   * @param seconds as configured
   * @throws RolledBack
   */
  async bake(seconds: number): Promise<void> {
    const { clock, speed, time } = this.props;
    const end = clock.now() + (seconds * 1_000) / speed;
    for (;;) {
      const looked = clock.now();
      // CloudWatch doesn't answer any faster on a clock that is sped up.
      time.countAt(1);
      const quiet = await this.alarmsAreQuiet();
      this.requireTime();
      if (quiet) time.countAt(speed);
      const alive = this.greenIsAlive();
      if (quiet && alive && looked >= end) break;
      await this.pause(looked < end ? Math.min(this.pollMs, end - looked) : this.pollMs);
    }
    time.countAt(1);
  }

  private async alarmsAreQuiet(): Promise<boolean> {
    const { alarms, alarmNames, signal, log } = this.props;
    signal.throwIfAborted();
    if (!alarms || alarmNames.length === 0) return true;
    const looked = this.props.now();
    const found = await alarms.describe(alarmNames, this.quietAt).catch((error: unknown) => {
      if (!this.unreadable) log(`alarms can't be read, got ${(error as Error).message}; the deployment waits for them`);
      this.unreadable = true;
      return undefined;
    });
    signal.throwIfAborted();
    if (!found) return false;
    this.unreadable = false;
    const fired = found.filter(({ state }) => state === 'ALARM');
    const list = (names: readonly string[]) => `[${names.join(', ')}]`;
    // The service's words aren't published; these are as close as its users' reports go.
    if (fired.length > 0)
      throw new RolledBack(
        `One or more configured alarm(s) went into ALARM state: ${list(fired.map(({ name }) => name))}`,
        fired,
      );
    const missing = alarmNames.filter((name) => !found.some((alarm) => alarm.name === name));
    if (missing.length > 0) throw new RolledBack(`One or more configured alarm(s) do not exist: ${list(missing)}`);
    this.quietAt = looked;
    return true;
  }

  private greenIsAlive(): boolean {
    const { green, clock } = this.props;
    if (green.serves) {
      this.deadSince = undefined;
      return true;
    }
    this.deadSince ??= clock.now();
    if (clock.now() - this.deadSince >= DEAD_MS)
      throw new RolledBack('The instances of the new fleet do not pass the ping health check');
    return false;
  }

  private async pause(ms: number): Promise<void> {
    const { clock, time, signal } = this.props;
    await clock.wait(Math.max(1, Math.min(ms, time.leftMs)), signal);
    this.requireTime();
  }

  private requireTime(): void {
    if (this.props.time.leftMs <= 0) throw new RolledBack(this.props.time.timeout);
  }
}

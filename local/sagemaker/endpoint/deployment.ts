import type { AlarmSource } from '../alarm-source';
import type { Clock } from './clock';
import { type DeploymentPlan, instancesFor, instancesKept } from './deployment-plan';
import { DeploymentWatch } from './deployment-watch';
import { ExecutionTime } from './execution-time';
import type { FleetSpec } from './fleet-spec';
import { RolledBack } from './rolled-back';

/** What a deployment has to know of a fleet, and to do with it. */
export interface DeployedFleet {
  readonly spec: FleetSpec;
  /** Every variant has an instance that answers. */
  readonly serves: boolean;
  start(): Promise<void>;
  /** Requests go to so many percent of the instances. */
  activate(percent: number): void;
  scale(variantName: string, count: number): Promise<void>;
  retire(): Promise<void>;
}

/** Where a deployment stands; on disk, another program goes on from it. */
export interface DeploymentProgress {
  readonly stage: 'Creating' | 'ActivatingTraffic' | 'Baking' | 'TerminationWait' | 'RollingBack';
  /** Index of the step of the plan that is in force, or comes next while the fleet is created. */
  readonly step: number;
  /** ISO time at which the stage began. */
  readonly since: string;
  /** Of MaximumExecutionTimeoutInSeconds. */
  readonly spentSeconds: number;
  /** Why it goes back. */
  readonly reason?: string;
}

export interface DeploymentProps<F extends DeployedFleet = DeployedFleet> {
  readonly plan: DeploymentPlan;
  readonly traffic: { shift(shares: ReadonlyMap<F, number>): void };
  /** Serves all traffic just now. */
  readonly blue: F;
  /** As {@link firstFleet} says, not yet started. */
  readonly green: F;
  /** The whole new fleet. */
  readonly target: FleetSpec;
  /** The whole old fleet. */
  readonly origin: FleetSpec;
  /** Where an earlier program has left it. @default at its beginning */
  readonly progress?: DeploymentProgress;
  /** Writes it down. */
  readonly onProgress: (progress: DeploymentProgress) => void;
  readonly alarms?: AlarmSource;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly speed: number;
  /** Ends the deployment and leaves everything as it is. */
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** How long an old fleet that doesn't answer is waited for before the new one is ended nevertheless. */
const REVIVAL_MS = 60_000;
const REVIVAL_POLL_MS = 200;

/** The new fleet at a step: a rolling deployment starts its instances batch by batch, any other one all of them first. */
export function firstFleet(plan: DeploymentPlan, target: FleetSpec, step: number): FleetSpec {
  if (plan.strategy !== 'ROLLING') return target;
  const percent = plan.steps[step]?.greenPercent ?? 100;
  return {
    ...target,
    variants: target.variants.map((variant) => ({
      ...variant,
      instanceCount: instancesFor(percent, variant.instanceCount),
    })),
  };
}

/** Share of the traffic that the new fleet has once the deployment is there. */
export function greenPercentAt(
  plan: DeploymentPlan,
  { stage, step }: Pick<DeploymentProgress, 'stage' | 'step'>,
): number {
  return stage === 'Creating' || stage === 'RollingBack' ? 0 : (plan.steps[step]?.greenPercent ?? 100);
}

/**
 * One deployment, from a fleet that is to be started to the moment at which the old one may be ended.
 *
 * After each shift the alarms are watched for the baking period, and again for the termination wait, with the old
 * fleet still there. If one goes off, the time is up or the new fleet can't be started, all traffic goes back.
 *
 * A deployment that was cut off begins its last step anew: nobody has watched the alarms meanwhile, and the steps before
 * have been judged. One that was going back goes back.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-canary.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green-linear.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html
 */
export class Deployment<F extends DeployedFleet = DeployedFleet> {
  private readonly time: ExecutionTime;
  private readonly watch: DeploymentWatch;
  private step: number;

  constructor(private readonly props: DeploymentProps<F>) {
    const { plan, progress, clock } = props;
    this.step = Math.min(progress?.step ?? 0, plan.steps.length - 1);
    this.time = new ExecutionTime(plan.maximumExecutionSeconds, progress?.spentSeconds ?? 0, clock);
    this.watch = new DeploymentWatch({ ...props, alarmNames: plan.alarms, time: this.time });
  }

  /**
   * Ends with all traffic on the new fleet, and the old one idle.
   * @throws RolledBack, or what the new fleet didn't start for; all traffic is on the old fleet then, the new one ended
   * @throws whatever the signal says; everything is as it was then
   */
  async run(): Promise<void> {
    const { plan, progress, signal } = this.props;
    try {
      if (progress?.stage === 'RollingBack') throw new RolledBack(progress.reason ?? 'The deployment was rolled back');
      this.note('Creating');
      await this.watch.requireQuietAlarms();
      await this.inTime(this.props.green.start());
      for (; ; this.step += 1) {
        await this.shift();
        if (this.step === plan.steps.length - 1) break;
        if (plan.strategy === 'ROLLING') await this.replaceBatch();
      }
      if (plan.terminationWaitSeconds > 0) {
        this.note('TerminationWait');
        await this.watch.bake(plan.terminationWaitSeconds);
      }
    } catch (error) {
      if (!signal.aborted) await this.rollBack(error as Error);
      throw error;
    }
  }

  private async shift(): Promise<void> {
    const { plan, traffic, blue, green } = this.props;
    const { greenPercent, waitSeconds } = plan.steps[this.step] as DeploymentPlan['steps'][number];
    this.note('ActivatingTraffic');
    green.activate(plan.strategy === 'ROLLING' ? 100 : greenPercent);
    traffic.shift(
      new Map([
        [blue, 100 - greenPercent],
        [green, greenPercent],
      ]),
    );
    const { progress } = this.props;
    const baked = progress?.stage === 'TerminationWait' && progress.step === this.step;
    this.note('Baking');
    await this.watch.bake(baked ? 0 : waitSeconds);
  }

  /** Ends what the old fleet doesn't need any more, and starts the next batch of the new one. */
  private async replaceBatch(): Promise<void> {
    const { plan, blue, green, target, origin } = this.props;
    const percent = (step: number) => plan.steps[step]?.greenPercent ?? 100;
    const [old, wanted] = [origin.variants[0], target.variants[0]];
    if (!old || !wanted) return;
    await this.inTime(blue.scale(old.name, instancesKept(percent(this.step), old.instanceCount)));
    await this.inTime(green.scale(wanted.name, instancesFor(percent(this.step + 1), wanted.instanceCount)));
  }

  /** Puts a limit to work that isn't watched. */
  private async inTime(work: Promise<void>): Promise<void> {
    const { clock, signal } = this.props;
    const ended = new AbortController();
    const limit = clock.wait(Math.max(0, this.time.leftMs), AbortSignal.any([signal, ended.signal])).then(
      () => {
        throw new RolledBack(this.time.timeout);
      },
      (error: unknown) => {
        signal.throwIfAborted();
        throw error;
      },
    );
    try {
      await Promise.race([work, limit]);
    } finally {
      ended.abort();
    }
    signal.throwIfAborted();
  }

  private async rollBack(error: Error): Promise<void> {
    const { plan, traffic, blue, green, log } = this.props;
    try {
      // First of all: another program must not go on with what has failed.
      this.note('RollingBack', error.message);
    } catch (cause) {
      log(`its state can't be written, got ${(cause as Error).message}`);
    }
    blue.activate(100);
    if (plan.strategy === 'ROLLING') await this.bringBack();
    if (this.props.signal.aborted) return;
    traffic.shift(
      new Map([
        [blue, 100],
        [green, 0],
      ]),
    );
    await this.revival();
    if (this.props.signal.aborted) return;
    traffic.shift(new Map([[blue, 100]]));
    await green.retire();
  }

  /** Starts the instances of the old fleet again that have been ended, and moves the traffic with them. */
  private async bringBack(): Promise<void> {
    const { plan, traffic, blue, green, origin, signal, log } = this.props;
    const variant = origin.variants[0];
    const greenPercent = plan.steps[this.step]?.greenPercent ?? 0;
    if (!variant) return;
    const total = variant.instanceCount;
    const batch = instancesFor(plan.rollbackPercent, total);
    const count = () => blue.spec.variants[0]?.instanceCount ?? total;
    while (count() < total && !signal.aborted) {
      const next = Math.min(total, count() + batch);
      try {
        await blue.scale(variant.name, next);
      } catch (error) {
        log(`the old fleet stays at ${count()} of ${total} instances: ${(error as Error).message}`);
        return;
      }
      if (signal.aborted) return;
      const back = Math.min(greenPercent, (100 * (total - next)) / total);
      traffic.shift(
        new Map([
          [blue, 100 - back],
          [green, back],
        ]),
      );
    }
  }

  /** While the old fleet doesn't answer the new one is better than none, for a while. */
  private async revival(): Promise<void> {
    const { blue, clock, signal } = this.props;
    const end = clock.now() + REVIVAL_MS;
    while (!blue.serves && this.props.green.serves && clock.now() < end && !signal.aborted)
      await clock.wait(REVIVAL_POLL_MS, signal).catch(() => undefined);
  }

  private note(stage: DeploymentProgress['stage'], reason?: string): void {
    const { onProgress, now, signal } = this.props;
    signal.throwIfAborted();
    onProgress({
      stage,
      step: this.step,
      since: now().toISOString(),
      spentSeconds: this.time.spentSeconds,
      ...(reason !== undefined && { reason }),
    });
  }
}

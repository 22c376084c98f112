import type { Context } from '../context';
import type { Call } from '../operation';
import { MACHINE_CLOCK } from './clock';
import { Deployment, type DeploymentProgress, firstFleet, greenPercentAt } from './deployment';
import type { DeploymentLog } from './deployment-log';
import { type DeploymentPlan, deploymentPlan } from './deployment-plan';
import { type DeploymentState, LONGEST_FAILURE_REASON } from './describe-endpoint';
import { type EndpointRecord, type PendingUpdate, retain } from './endpoint-record';
import type { Fleet } from './fleet';
import type { FleetSpec } from './fleet-spec';
import { resolveFleet } from './resolve-fleet';
import { RolledBack } from './rolled-back';
import type { Traffic } from './traffic';

export interface EndpointUpdateProps {
  readonly context: Context;
  readonly call: Call;
  readonly speed: number;
  readonly pending: PendingUpdate;
  /** EndpointConfig of the fleet that serves. */
  readonly liveConfigName: string;
  readonly blue: Fleet;
  readonly traffic: Traffic;
  readonly deployments: DeploymentLog;
  readonly makeFleet: (spec: FleetSpec) => Fleet;
  readonly save: (changes: Partial<EndpointRecord>) => void;
  readonly log: (message: string) => void;
  /** Ends it and leaves everything as it is. */
  readonly signal: AbortSignal;
}

/** An update of an endpoint: looks up what is to be deployed, deploys it and keeps record of how far it is. */
export class EndpointUpdate {
  private current: Omit<DeploymentState, 'greenPercent' | 'green'> | undefined;
  /** The new fleet, once there is one. */
  green: Fleet | undefined;

  constructor(private readonly props: EndpointUpdateProps) {}

  /** Where it is just now; undefined as long as nothing is planned. */
  get state(): DeploymentState | undefined {
    const { current, green } = this;
    return current && green && { ...current, green, greenPercent: this.props.traffic.shareOf(green) };
  }

  /**
   * @returns the new fleet; all traffic is on it
   * @throws as {@link Deployment.run} does
   */
  async run(): Promise<Fleet> {
    const { pending, blue, context, deployments } = this.props;
    deployments.reopen(pending.startTime);
    const { progress } = pending;
    if (progress?.stage === 'RollingBack') throw new RolledBack(progress.reason ?? 'The deployment was rolled back');
    const target = retain(
      await resolveFleet(context, this.props.call, pending.endpointConfigName),
      pending.retain,
      blue.spec,
    );
    const plan = this.planFor(target);
    const green = this.props.makeFleet(firstFleet(plan, target, progress?.step ?? 0));
    this.green = green;
    this.current = { plan, target };
    if (this.isNew)
      deployments.begin({
        id: pending.startTime,
        fromConfig: this.props.liveConfigName,
        toConfig: pending.endpointConfigName,
        startTime: pending.startTime,
        plan,
        blue: blue.spec.id,
        green: target.id,
      });
    await new Deployment({
      ...this.props,
      plan,
      green,
      target,
      origin: blue.spec,
      progress,
      onProgress: (next) => this.note(plan, next),
      alarms: context.alarms,
      clock: MACHINE_CLOCK,
      now: context.now,
    }).run();
    return green;
  }

  private planFor(target: FleetSpec): DeploymentPlan {
    const { pending, blue } = this.props;
    return deploymentPlan(this.isNew ? pending.deploymentConfig : undefined, target.variants, blue.spec.variants);
  }

  /**
   * CloudFormation takes an update that failed back by asking for what serves already: there is nothing to watch about
   * that, nor to remember.
   */
  private get isNew(): boolean {
    return this.props.pending.endpointConfigName !== this.props.liveConfigName;
  }

  private note(plan: DeploymentPlan, progress: DeploymentProgress): void {
    const { pending, deployments, save, log } = this.props;
    const { stage, step, reason } = progress;
    log(`deployment of ${pending.endpointConfigName}: ${stage}, step ${step + 1} of ${plan.steps.length}`);
    save({
      pending: { ...pending, progress },
      ...(stage === 'RollingBack' && {
        EndpointStatus: 'RollingBack',
        FailureReason: reason?.slice(0, LONGEST_FAILURE_REASON),
      }),
    });
    deployments.progress(progress, greenPercentAt(plan, progress));
  }
}

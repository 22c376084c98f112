import { percentile } from '../../percentile';
import type { Context } from '../context';
import type { Collection } from '../store';
import type { DeploymentProgress } from './deployment';
import { type DeploymentEntry, type DeploymentHistory, DeploymentHistory as Schema } from './deployment-history';
import type { DeploymentPlan } from './deployment-plan';
import { RolledBack } from './rolled-back';

export interface StartedDeployment {
  readonly id: string;
  readonly fromConfig: string;
  readonly toConfig: string;
  readonly startTime: string;
  readonly plan: DeploymentPlan;
  /** Ids of the fleets. */
  readonly blue: string;
  readonly green: string;
}

export interface MeasuredAnswer {
  readonly fleet: string;
  /** Of the model server; 0 if it didn't answer. */
  readonly statusCode: number;
  readonly milliseconds: number;
}

/** Deployments of an endpoint that are kept. */
const MOST_DEPLOYMENTS = 20;
/** Samples of a deployment: as many minutes as the longest one has, and some for its start. */
const MOST_SAMPLES = 600;

type Colour = 'blue' | 'green';
interface Collected {
  requests: number;
  errors: number;
  milliseconds: number[];
}

/** Keeps the latest deployments of one endpoint: what each did when, and how both fleets answered meanwhile. */
export class DeploymentLog {
  private entries: DeploymentEntry[];
  private current: DeploymentEntry | undefined;
  private colours = new Map<string, Colour>();
  private collected: Record<Colour, Collected> = { blue: nothing(), green: nothing() };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly context: Pick<Context, 'now' | 'log'>,
    private readonly records: Collection<DeploymentHistory>,
    private readonly endpointName: string,
    private readonly speed: number,
  ) {
    const kept = Schema.safeParse(records.get(endpointName));
    this.entries = kept.success ? kept.data.deployments : [];
  }

  get history(): DeploymentHistory {
    return { endpointName: this.endpointName, speed: this.speed, deployments: this.entries };
  }

  /** Takes up an entry that an earlier program has left. */
  reopen(id: string): void {
    this.current = this.entries.find((entry) => entry.id === id);
  }

  /** Begins an entry, or goes on with the one that an earlier program has begun. */
  begin({ id, plan, blue, green, ...started }: StartedDeployment): void {
    this.colours = new Map([
      [blue, 'blue'],
      [green, 'green'],
    ]);
    const known = this.entries.find((entry) => entry.id === id);
    this.replace(
      known ?? {
        id,
        ...started,
        strategy: plan.strategy,
        alarms: [...plan.alarms],
        plan: plan.steps.map((step) => ({ ...step })),
        terminationWaitSeconds: plan.terminationWaitSeconds,
        outcome: 'InProgress',
        fired: [],
        events: [],
        blue: { requests: 0, errors: 0 },
        green: { requests: 0, errors: 0 },
        series: [],
      },
    );
    clearInterval(this.timer);
    this.timer = setInterval(() => this.sample(), 60_000 / this.speed).unref();
  }

  progress({ stage, since }: DeploymentProgress, greenPercent: number): void {
    this.change(({ events }) => ({ events: [...events, { time: since, stage, greenPercent }] }));
  }

  measured({ fleet, statusCode, milliseconds }: MeasuredAnswer): void {
    const colour = this.colours.get(fleet);
    if (!this.current || !colour) return;
    const collected = this.collected[colour];
    collected.requests += 1;
    if (statusCode === 0 || statusCode >= 500) collected.errors += 1;
    collected.milliseconds.push(milliseconds);
  }

  /** @param error why it went back. @default it didn't */
  end(error?: Error): void {
    if (!this.current) return;
    this.sample();
    const time = this.now();
    const fired = error instanceof RolledBack ? error.fired : [];
    this.change(({ events, fired: before }) => ({
      endTime: time,
      outcome: error ? 'RolledBack' : 'Succeeded',
      reason: error?.message,
      fired: [...before, ...fired.map(({ name, reason }) => ({ name, reason, time }))],
      events: [...events, { time, stage: 'Completed', greenPercent: error ? 0 : 100 }],
    }));
    this.close();
  }

  /** Leaves the entry to the next program. */
  close(): void {
    clearInterval(this.timer);
    this.current = undefined;
    this.colours = new Map();
  }

  delete(): void {
    this.close();
    this.records.delete(this.endpointName);
  }

  private sample(): void {
    const { blue, green } = this.collected;
    this.collected = { blue: nothing(), green: nothing() };
    this.change(({ series, events, ...entry }) => ({
      blue: add(entry.blue, blue),
      green: add(entry.green, green),
      series: [
        ...series,
        {
          time: this.now(),
          greenPercent: events.at(-1)?.greenPercent ?? 0,
          blue: summary(blue),
          green: summary(green),
        },
      ].slice(-MOST_SAMPLES),
    }));
  }

  private change(changes: (entry: DeploymentEntry) => Partial<DeploymentEntry>): void {
    if (this.current) this.replace({ ...this.current, ...changes(this.current) });
  }

  /** What can't be written is kept in memory: a deployment doesn't fail for its log. */
  private replace(entry: DeploymentEntry): void {
    this.current = entry;
    this.entries = [entry, ...this.entries.filter(({ id }) => id !== entry.id)].slice(0, MOST_DEPLOYMENTS);
    try {
      this.records.put(this.endpointName, this.history);
    } catch (error) {
      this.context.log(
        `endpoint ${this.endpointName}: its deployments can't be written, got ${(error as Error).message}`,
      );
    }
  }

  private now(): string {
    return this.context.now().toISOString();
  }
}

function nothing(): Collected {
  return { requests: 0, errors: 0, milliseconds: [] };
}

function add(totals: DeploymentEntry[Colour], { requests, errors }: Collected): DeploymentEntry[Colour] {
  return { requests: totals.requests + requests, errors: totals.errors + errors };
}

function summary({ requests, errors, milliseconds }: Collected): DeploymentEntry['series'][number][Colour] {
  return { requests, errors, p99Ms: milliseconds.length === 0 ? null : percentile(milliseconds, 99) };
}

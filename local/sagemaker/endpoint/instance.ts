import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Container, type Exit } from '../../container/container';
import type { Context } from '../context';
import { type ModelServer, startModelServer } from '../model-server/model-server';
import { ping } from '../model-server/ping';
import type { VariantSpec } from './fleet-spec';
import type { Timing } from './timing';

export interface InstanceProps {
  readonly context: Context;
  /** For messages, for example `AllTraffic/1`. */
  readonly name: string;
  readonly variant: VariantSpec;
  readonly directory: string;
  readonly timing: Timing;
  /** Hears of every end that nobody asked for, and of every start. */
  readonly onChange: (change: InstanceChange) => void;
}

export interface InstanceChange {
  readonly instance: string;
  readonly state: 'InService' | 'Ended' | 'Failed';
  readonly message?: string;
}

const LONGEST_RESTART_DELAY_MS = 60_000;
/** A server that has served this long begins anew with its restarts. */
const STEADY_MS = 60_000;
/** Pings in a row that a server may miss before it is replaced: while it is idle, and while it works on requests. */
const MOST_MISSED = { idle: 3, busy: 8 };

/**
 * One instance of a variant: a model server that is started again when it ends by itself, as SageMaker replaces an
 * instance that fails its health checks.
 */
export class Instance {
  private server: ModelServer | undefined;
  private readonly ending = new AbortController();
  /** Settles when the instance is ended, and never rejects. */
  private supervision: Promise<void> = Promise.resolve();
  private inFlight = 0;
  private whenIdle: (() => void)[] = [];

  constructor(private readonly props: InstanceProps) {}

  /** @throws if the server doesn't get healthy; the instance can be started again then */
  async start(): Promise<void> {
    const starting = this.startServer();
    this.supervision = starting.then(
      (server) => this.supervise(server),
      () => undefined,
    );
    await starting;
  }

  /** Goes on trying in the background until it starts or is stopped. */
  keepStarting(): void {
    this.supervision = this.supervise(undefined);
  }

  /** Where it answers, or undefined while it doesn't. */
  get url(): string | undefined {
    return this.ending.signal.aborted ? undefined : this.server?.url;
  }

  /** Id of its process while it answers. */
  get pid(): number | undefined {
    return this.server?.identity.pid;
  }

  get name(): string {
    return this.props.name;
  }

  /** File with all that its servers wrote. */
  get log(): string {
    return Container.log(this.props.directory);
  }

  /** Runs a request against the instance; {@link drained} waits for it. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.inFlight += 1;
    try {
      return await work();
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) for (const tell of this.whenIdle.splice(0)) tell();
    }
  }

  /** Settles when no request is under way. Take the instance out of the traffic before. */
  async drained(): Promise<void> {
    if (this.inFlight > 0) await new Promise<void>((resolve) => this.whenIdle.push(resolve));
  }

  /** Ends the process, whatever it does just now. Its log stays, its copy of the model goes. */
  async stop(graceMs: number): Promise<void> {
    this.ending.abort();
    await this.server?.stop(graceMs);
    // A start under way ends by the signal, and a server that was taken out of service by its watch.
    await this.supervision;
    await this.freeDisk();
  }

  /** No reason for a deployment to fail. */
  private async freeDisk(): Promise<void> {
    const { context, directory, name } = this.props;
    try {
      // Processes that were killed may still be on their way out of it.
      await rm(join(directory, 'opt'), { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      context.log(`instance ${name}: can't free the disk, got ${(error as Error).message}`);
    }
  }

  private async startServer(): Promise<ModelServer> {
    const { context, variant, directory, name, onChange } = this.props;
    const server = await startModelServer({
      context,
      container: variant.container,
      directory,
      healthTimeoutSeconds: variant.healthTimeoutSeconds,
      signal: this.ending.signal,
    });
    if (this.ending.signal.aborted) {
      await server.stop();
      this.ending.signal.throwIfAborted();
    }
    this.server = server;
    onChange({ instance: name, state: 'InService', message: `${server.url}, log ${server.log}` });
    return server;
  }

  /** Ends a server that runs and doesn't answer; the supervision starts another one. */
  private watch(server: ModelServer): NodeJS.Timeout {
    const { name, onChange, timing } = this.props;
    let missed = 0;
    const check = async () => {
      const answer = await ping(server.port);
      missed = answer === 200 ? 0 : missed + 1;
      if (this.server !== server || missed < MOST_MISSED[this.inFlight === 0 ? 'idle' : 'busy']) return;
      this.server = undefined;
      onChange({
        instance: name,
        state: 'Failed',
        message: `missed ${missed} pings, got ${answer}, log ${server.log}`,
      });
      await server.stop(0);
    };
    return setInterval(() => void check(), timing.healthCheckMs).unref();
  }

  private async supervise(first: ModelServer | undefined): Promise<void> {
    const { name, onChange, timing } = this.props;
    let restarts = 0;
    for (let server = first; !this.ending.signal.aborted; ) {
      if (server) {
        const since = Date.now();
        const watch = this.watch(server);
        const exit = await server.exited;
        clearInterval(watch);
        this.server = undefined;
        if (this.ending.signal.aborted) return;
        if (Date.now() - since >= STEADY_MS) restarts = 0;
        onChange({ instance: name, state: 'Ended', message: `${describe(exit)}, log ${server.log}` });
      }
      const wait = restarts === 0 ? 0 : Math.min(timing.restartDelayMs * 2 ** (restarts - 1), LONGEST_RESTART_DELAY_MS);
      restarts += 1;
      await delay(wait, undefined, { signal: this.ending.signal, ref: false }).catch(() => undefined);
      if (this.ending.signal.aborted) return;
      try {
        server = await this.startServer();
      } catch (error) {
        server = undefined;
        if (!this.ending.signal.aborted)
          onChange({ instance: name, state: 'Failed', message: (error as Error).message });
      }
    }
  }
}

function describe({ code, signal }: Exit): string {
  return code === null ? `ended by signal ${signal ?? 'unknown'}` : `ended with exit code ${code}`;
}

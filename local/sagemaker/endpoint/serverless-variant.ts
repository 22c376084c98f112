import { ServiceError } from '../service-error';
import type { ServerlessSpec, VariantSpec } from './fleet-spec';
import type { Instance } from './instance';
import type { Timing } from './timing';
import { Variant } from './variant';

/** The right to send one request. */
export interface Lease {
  readonly instance: Instance;
  readonly url: string;
  /** How long the model server took to start, if the request had to wait for it. */
  readonly setupMs?: number;
  /** Requests that were under way when this one came, it among them, relative to the most that may be. */
  readonly utilization: number;
  /** @param gone nobody listens there any more, so the next request starts another server @default false */
  release(gone?: boolean): void;
}

/**
 * A variant without instances of its own: its model server is started by the first request and ended when none has
 * come for a while. One process takes all requests, because a laptop has no room for one a request as the service has
 * it; so a second cold start at the same time, which the service would have, is not seen here.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
 */
export class ServerlessVariant extends Variant {
  private instance: Instance | undefined;
  private starting: Promise<Instance> | undefined;
  private stopping: Promise<void> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private inFlight = 0;
  private closed = false;
  private whenIdle: (() => void)[] = [];

  constructor(
    spec: VariantSpec,
    private readonly make: (spec: VariantSpec) => Instance,
    private readonly timing: Pick<Timing, 'serverlessIdleMs' | 'stopGraceMs'>,
  ) {
    super(spec, make, []);
  }

  override get all(): readonly Instance[] {
    return this.instance ? [this.instance] : [];
  }

  override get inService(): readonly Instance[] {
    return this.all.filter(({ url }) => url !== undefined);
  }

  override get serves(): boolean {
    return true;
  }

  /**
   * Starts the model server to see that it works, and ends it again unless concurrency is provisioned.
   * @throws if it doesn't get healthy
   */
  async prove(): Promise<void> {
    await this.started();
    if (this.config.provisionedConcurrency === undefined) await this.stopInstance();
  }

  /** Starts the model server if concurrency is provisioned. @throws if it doesn't get healthy */
  async warm(): Promise<void> {
    if (this.config.provisionedConcurrency !== undefined) await this.started();
  }

  /**
   * Admits a request, and starts the model server if there is none.
   * @throws ServiceError ThrottlingException above the concurrency limit, ModelNotReadyException if the server doesn't start
   */
  async acquire(): Promise<Lease> {
    const { maxConcurrency } = this.config;
    if (this.inFlight >= maxConcurrency)
      throw new ServiceError(
        'ThrottlingException',
        `Variant ${this.spec.name} has ${this.inFlight} requests under way, its MaxConcurrency is ${maxConcurrency}; try again`,
      );
    this.inFlight += 1;
    const utilization = this.inFlight / maxConcurrency;
    clearTimeout(this.idle);
    let leased: Instance | undefined;
    let held = true;
    const release = (gone = false) => {
      if (!held) return;
      held = false;
      if (gone && leased === this.instance) void this.stopInstance();
      this.release();
    };
    try {
      const cold = this.inService.length === 0;
      const began = performance.now();
      const instance = await this.started();
      leased = instance;
      if (instance.url === undefined) throw new Error(`it has ended again, log ${instance.log}`);
      return {
        instance,
        url: instance.url,
        utilization,
        ...(cold && { setupMs: performance.now() - began }),
        release,
      };
    } catch (cause) {
      release();
      const { message } = cause as Error;
      throw new ServiceError(
        'ModelNotReadyException',
        `Variant ${this.spec.name}: its model server didn't start: ${message}`,
        429,
      );
    }
  }

  /** Takes effect for the next request. */
  async reconfigure(changes: Partial<ServerlessSpec>): Promise<void> {
    this.spec = { ...this.spec, serverless: { ...this.config, ...changes } };
    this.stopWhenIdle();
    await this.warm();
  }

  override async drained(): Promise<void> {
    if (this.inFlight > 0) await new Promise<void>((resolve) => this.whenIdle.push(resolve));
  }

  override async stop(graceMs: number): Promise<void> {
    this.closed = true;
    clearTimeout(this.idle);
    await Promise.all([super.stop(graceMs), this.stopping]);
  }

  private get config(): ServerlessSpec {
    const { serverless } = this.spec;
    if (!serverless) throw new Error(`variant ${this.spec.name} is not serverless`);
    return serverless;
  }

  /** The server that runs, or one that is started now: requests that come together wait for the same one. */
  private async started(): Promise<Instance> {
    const [running] = this.inService;
    if (running) return running;
    this.starting ??= this.start().finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  private async start(): Promise<Instance> {
    // The folder is that of the instance before, which has to be gone. One that has ended by itself goes, too.
    await this.stopping;
    await this.stopInstance();
    if (this.closed) throw new Error('it is being ended');
    const instance = this.make(this.spec);
    this.instance = instance;
    try {
      await instance.start();
    } catch (error) {
      await this.stopInstance();
      throw error;
    }
    return instance;
  }

  private release(): void {
    this.inFlight -= 1;
    if (this.inFlight > 0) return;
    for (const tell of this.whenIdle.splice(0)) tell();
    this.stopWhenIdle();
  }

  private stopWhenIdle(): void {
    clearTimeout(this.idle);
    if (this.closed || this.inFlight > 0 || this.config.provisionedConcurrency !== undefined) return;
    this.idle = setTimeout(() => void this.stopInstance(), this.timing.serverlessIdleMs).unref();
  }

  private stopInstance(): Promise<void> {
    const { instance, stopping } = this;
    this.instance = undefined;
    if (instance) this.stopping = this.stopAfter(stopping, instance);
    return this.stopping;
  }

  private async stopAfter(before: Promise<void>, instance: Instance): Promise<void> {
    await Promise.all([before, instance.stop(this.timing.stopGraceMs)]);
  }
}

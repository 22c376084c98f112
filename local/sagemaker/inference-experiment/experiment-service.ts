import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../../core/json';
import type { Context } from '../context';
import { text } from '../job/text';
import type { Call } from '../operation';
import { RecurringFault } from '../recurring-fault';
import type { RunningPart } from '../running-part';
import { setAsideUnreadable } from '../set-aside-unreadable';
import { experimentConfig } from './experiment-config';
import { experimentOperations } from './experiment-operations';
import { type ExperimentRecord, experiments } from './experiment-record';

export interface ExperimentOptions {
  /** Between two looks at the clock and at an endpoint that changes, in seconds. @default 0.5 */
  readonly lookSeconds?: number;
}

const SETTLED = ['InService', 'OutOfService', 'Failed', 'UpdateRollbackFailed'];

/**
 * Shadow tests with a beginning and an end: the endpoint gets a shadow variant for the time, and what the stop asks
 * for afterwards. All of it is done by the actions that a user has, too.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html
 */
export function createExperimentService(
  context: Context,
  call: Call,
  { lookSeconds = 0.5 }: ExperimentOptions = {},
): RunningPart {
  const records = experiments(context.store);
  const closing = new AbortController();
  const working = new Map<string, Promise<void>>();
  const fault = new RecurringFault((message) => context.log(message));

  const save = (record: ExperimentRecord, changes: Partial<ExperimentRecord>): ExperimentRecord => {
    const next = { ...record, ...changes, LastModifiedTime: context.now().toISOString() };
    records.put(record.request.Name ?? '', next);
    return next;
  };

  /** Gives the endpoint that configuration, unless it has it, and waits until it serves by it. */
  async function deploy({ request }: ExperimentRecord, EndpointConfigName: string): Promise<void> {
    const EndpointName = request.EndpointName ?? '';
    for (let asked = false; ; await delay(lookSeconds * 1_000, undefined, { signal: closing.signal })) {
      const endpoint = await call('DescribeEndpoint', { EndpointName });
      if (!SETTLED.includes(endpoint.EndpointStatus as string)) continue;
      if (endpoint.EndpointConfigName === EndpointConfigName && endpoint.EndpointStatus === 'InService') return;
      if (asked)
        throw new Error(
          `endpoint ${EndpointName} is ${text(endpoint.EndpointStatus)}, got ${text(endpoint.FailureReason) || 'no reason'}`,
        );
      await call('UpdateEndpoint', { EndpointName, EndpointConfigName });
      asked = true;
    }
  }

  async function create(name: string, config: JsonObject): Promise<void> {
    const defined = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
    await call('CreateEndpointConfig', { ...defined, EndpointConfigName: name }).catch((error: Error) => {
      // An earlier program was killed behind this.
      if (!error.message.startsWith('Cannot create already existing')) throw error;
    });
  }

  async function begin(record: ExperimentRecord): Promise<void> {
    const { request } = record;
    const { EndpointConfigName } = await call('DescribeEndpoint', { EndpointName: request.EndpointName });
    const configBefore = record.configBefore ?? (EndpointConfigName as string);
    const configDuring = record.configDuring ?? `${request.Name?.slice(0, 50)}-${randomUUID().slice(0, 8)}`;
    const starting = save(record, { status: 'Starting', configBefore, configDuring });
    const before = await call('DescribeEndpointConfig', { EndpointConfigName: configBefore });
    await create(configDuring, experimentConfig(request, 'during', before));
    await deploy(starting, configDuring);
    save(starting, { status: 'Running' });
  }

  async function end(record: ExperimentRecord): Promise<void> {
    const { request, configBefore = '', configDuring = '', stop } = record;
    const shadow = request.ShadowModeConfig?.ShadowModelVariants?.[0]?.ShadowModelVariantName ?? '';
    const action = stop?.ModelVariantActions?.[shadow] ?? 'Remove';
    if (action === 'Promote') {
      const promoted = `${configDuring}-promoted`;
      const before = await call('DescribeEndpointConfig', { EndpointConfigName: configBefore });
      await create(promoted, experimentConfig(request, 'promoted', before));
      await deploy(record, promoted);
    } else if (action === 'Remove' && configBefore !== '') await deploy(record, configBefore);
    if (action !== 'Retain' && configDuring !== '')
      // Nobody else knows it. One that is gone already was removed by an earlier program.
      await call('DeleteEndpointConfig', { EndpointConfigName: configDuring }).catch(() => undefined);
    save(record, { status: stop?.DesiredState ?? 'Completed', completionTime: context.now().toISOString() });
  }

  async function work(name: string, step: (record: ExperimentRecord) => Promise<void>): Promise<void> {
    try {
      const record = records.get(name);
      if (record) await step(record);
    } catch (error) {
      if (closing.signal.aborted) return;
      const { message } = error as Error;
      context.log(`inference experiment ${name}: ${message}`);
      // What can't be written is begun again at the next look.
      ifPossible(() => {
        const record = records.get(name);
        if (record)
          save(record, {
            status: 'Cancelled',
            statusReason: message.slice(0, 1_024),
            completionTime: context.now().toISOString(),
          });
      });
    }
  }

  /** For what nobody waits for: on a full disk, say, it must not end the program. */
  function ifPossible(action: () => void): void {
    try {
      action();
      fault.clear();
    } catch (error) {
      fault.tell(`inference experiments: ${(error as Error).message}`);
    }
  }

  function look(): void {
    const now = context.now().toISOString();
    for (const { request, status, schedule, ...record } of records.list()) {
      const name = request.Name ?? '';
      if (working.has(name)) continue;
      const begins = status === 'Starting' || (status === 'Created' && schedule.startTime <= now);
      if (status === 'Running' && schedule.endTime <= now)
        save({ request, status, schedule, ...record }, { status: 'Stopping' });
      const ends = status === 'Stopping' || (status === 'Running' && schedule.endTime <= now);
      const step = begins ? begin : ends ? end : undefined;
      if (step)
        working.set(
          name,
          work(name, step).finally(() => working.delete(name)),
        );
    }
  }

  const timer = setInterval(() => ifPossible(look), lookSeconds * 1_000).unref();

  return {
    operations: experimentOperations({ context, call, look }),
    async resume() {
      setAsideUnreadable(context, [records]);
      look();
    },
    async close() {
      clearInterval(timer);
      closing.abort();
      await Promise.all(working.values());
    },
  };
}

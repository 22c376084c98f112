import type { JsonObject } from '../../../core/json';
import { arn } from '../api/arn';
import { listRecords } from '../api/list-records';
import { without } from '../api/without';
import type { Context } from '../context';
import { findModel } from '../model/find-model';
import type { Call, Operations } from '../operation';
import { ServiceError } from '../service-error';
import { checkExperiment, checkStop } from './check-experiment';
import { type ExperimentRecord, type ExperimentRequest, experiments, type StopRequest } from './experiment-record';

export interface ExperimentOperationsProps {
  readonly context: Context;
  readonly call: Call;
  /** Begins what is due. */
  readonly look: () => void;
}

/** The control plane of shadow tests. It answers at once; the endpoint changes in the background. */
export function experimentOperations({ context, call, look }: ExperimentOperationsProps): Operations {
  const records = experiments(context.store);

  function find(name: string): ExperimentRecord {
    const record = records.get(name);
    if (!record) throw new ServiceError('ResourceNotFound', `Could not find inference experiment "${arnOf(name)}".`);
    return record;
  }

  const arnOf = (name: string) => arn(context, `inference-experiment/${name}`);

  function put(record: ExperimentRecord, changes: Partial<ExperimentRecord>): void {
    const next = { ...record, ...changes, LastModifiedTime: context.now().toISOString() };
    records.put(record.request.Name ?? '', next);
  }

  return {
    async CreateInferenceExperiment(input) {
      const request = without(input, 'Tags') as unknown as ExperimentRequest;
      const name = input.Name as string;
      const refuse = (problem: string) => new ServiceError('ValidationException', problem);
      if (records.get(name)) throw refuse(`Cannot create already existing inference experiment "${arnOf(name)}".`);
      const schedule = checkExperiment(request, context.now());
      for (const { ModelName } of request.ModelVariants ?? []) findModel(context, ModelName ?? '');
      const { EndpointStatus } = await call('DescribeEndpoint', { EndpointName: request.EndpointName });
      if (EndpointStatus !== 'InService')
        throw refuse(`Endpoint ${request.EndpointName} must be InService, got ${EndpointStatus as string}`);
      const now = context.now().toISOString();
      records.put(name, {
        request,
        arn: arnOf(name),
        status: 'Created',
        schedule,
        CreationTime: now,
        LastModifiedTime: now,
      });
      look();
      return { InferenceExperimentArn: arnOf(name) };
    },

    async DescribeInferenceExperiment({ Name }) {
      const record = find(Name as string);
      const { request, schedule } = record;
      const endpoint = await call('DescribeEndpoint', { EndpointName: request.EndpointName }).catch(
        (): JsonObject => ({}),
      );
      const { EndpointConfigName, EndpointStatus, FailureReason } = endpoint;
      return {
        ...(request as unknown as JsonObject),
        Arn: record.arn,
        Status: record.status,
        StatusReason: record.statusReason,
        CreationTime: record.CreationTime,
        LastModifiedTime: record.LastModifiedTime,
        CompletionTime: record.completionTime,
        Schedule: { StartTime: schedule.startTime, EndTime: schedule.endTime },
        EndpointMetadata: { EndpointName: request.EndpointName, EndpointConfigName, EndpointStatus, FailureReason },
        ModelVariants: variantsOf(record),
        EndpointName: undefined,
      };
    },

    ListInferenceExperiments(input) {
      const { items, NextToken } = listRecords({
        records: records
          .list()
          .filter(({ status }) => input.StatusEquals === undefined || status === input.StatusEquals),
        input,
        nameOf: ({ request }) => request.Name ?? '',
        sortBy: {
          Name: ({ request }) => request.Name ?? '',
          CreationTime: ({ CreationTime }) => CreationTime,
          Status: ({ status }) => status,
        },
        defaultOrder: 'Descending',
      });
      return {
        InferenceExperiments: items.map(({ request, ...record }) => ({
          Name: request.Name,
          Type: request.Type,
          Description: request.Description,
          RoleArn: request.RoleArn,
          Schedule: { StartTime: record.schedule.startTime, EndTime: record.schedule.endTime },
          Status: record.status,
          StatusReason: record.statusReason,
          CreationTime: record.CreationTime,
          CompletionTime: record.completionTime,
          LastModifiedTime: record.LastModifiedTime,
        })),
        NextToken,
      };
    },

    StartInferenceExperiment({ Name }) {
      const record = find(Name as string);
      if (record.status !== 'Created') throw wrongState(record, 'start', 'Created');
      put(record, { schedule: { ...record.schedule, startTime: context.now().toISOString() } });
      look();
      return { InferenceExperimentArn: record.arn };
    },

    /** One that runs can end at another time and be described anew; one that hasn't begun can become another. */
    UpdateInferenceExperiment(input) {
      const record = find(input.Name as string);
      if (record.status !== 'Created' && record.status !== 'Running') throw wrongState(record, 'update', 'Running');
      const changes = without(input, 'Name') as unknown as Partial<ExperimentRequest>;
      const request = { ...record.request, ...changes };
      if (record.status === 'Created') {
        const schedule = checkExperiment(request, context.now());
        for (const { ModelName } of request.ModelVariants ?? []) findModel(context, ModelName ?? '');
        put(record, { request, schedule });
      } else {
        for (const member of Object.keys(changes))
          if (member !== 'Description' && member !== 'Schedule')
            throw new ServiceError('ValidationException', `${member}: stays while the experiment runs on this machine`);
        const Schedule = { StartTime: record.schedule.startTime, EndTime: changes.Schedule?.EndTime };
        const asked = changes.Schedule?.EndTime === undefined ? record.schedule : undefined;
        put(record, { request, schedule: asked ?? checkExperiment({ ...request, Schedule }, context.now()) });
      }
      look();
      return { InferenceExperimentArn: record.arn };
    },

    StopInferenceExperiment(input) {
      const record = find(input.Name as string);
      const stop = input as unknown as StopRequest;
      if (record.status !== 'Running' && record.status !== 'Created') throw wrongState(record, 'stop', 'Running');
      checkStop(record.request, stop);
      // One that has not begun has changed nothing.
      if (record.status === 'Created')
        put(record, { status: 'Cancelled', statusReason: stop.Reason, completionTime: context.now().toISOString() });
      else put(record, { status: 'Stopping', stop, statusReason: stop.Reason });
      look();
      return { InferenceExperimentArn: record.arn };
    },

    /** The endpoint stays as it is. */
    DeleteInferenceExperiment({ Name }) {
      const record = find(Name as string);
      if (record.status === 'Starting' || record.status === 'Stopping') throw wrongState(record, 'delete', 'settled');
      records.delete(Name as string);
      return { InferenceExperimentArn: record.arn };
    },
  };
}

function variantsOf({ request, status }: ExperimentRecord): JsonObject[] {
  const states: Partial<Record<typeof status, string>> = {
    Created: 'Creating',
    Creating: 'Creating',
    Starting: 'Updating',
    Stopping: 'Updating',
    Completed: 'Deleted',
    Cancelled: 'Deleted',
  };
  return ((request.ModelVariants ?? []) as unknown as readonly JsonObject[]).map((variant) => ({
    ...variant,
    Status: states[status] ?? 'InService',
  }));
}

function wrongState({ request, status }: ExperimentRecord, doing: string, wanted: string): ServiceError {
  return new ServiceError(
    'ConflictException',
    `Can't ${doing} inference experiment ${request.Name}: it must be ${wanted}, got ${status}`,
  );
}

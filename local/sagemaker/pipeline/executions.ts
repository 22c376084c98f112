import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../core/json';
import { text } from '../job/text';
import { ServiceError } from '../service-error';
import { parseDefinition, readDefinition } from './check-definition';
import { allSteps, type Definition } from './definition';
import { ExecutionEvents } from './execution-events';
import {
  type ExecutionRecord,
  executedDefinitions,
  executionId,
  executions,
  executionTokens,
  type StepRecord,
} from './execution-record';
import { ExecutionRun } from './execution-run';
import { graphOf } from './graph';
import { parameterValues } from './parameters';
import { findPipeline, type PipelineRecord, pipelines } from './pipeline-record';
import { randomId } from './resource-name';
import { takenSteps } from './selective-execution';
import { StepCache } from './step-cache';
import { StepJournal } from './step-journal';
import { StepProperties } from './step-properties';
import type { StepTools } from './step-runner';
import { unsupportedSteps } from './step-runners';

const ID_LENGTH = 12;

/** All executions: those that run, and the records of those that have ended. */
export class Executions {
  private readonly running = new Map<string, { readonly run: ExecutionRun; readonly ended: Promise<void> }>();
  private readonly cache: StepCache;
  private readonly events: ExecutionEvents;
  private readonly properties: StepProperties;
  private readonly journal: StepJournal;

  constructor(private readonly tools: StepTools) {
    this.cache = new StepCache(tools.context);
    this.events = new ExecutionEvents(tools.context);
    this.properties = new StepProperties(tools.context.store);
    this.journal = new StepJournal(tools.context.store);
  }

  /**
   * @param input of StartPipelineExecution
   * @returns the ARN of the execution
   * @throws ServiceError
   */
  start(input: JsonObject): string {
    const { store, now } = this.tools.context;
    const pipeline = findPipeline(store, text(input.PipelineName));
    const tokens = executionTokens(store);
    const token =
      input.ClientRequestToken === undefined ? undefined : tokenKey(pipeline, text(input.ClientRequestToken));
    const earlier = token === undefined ? undefined : tokens.get(token)?.PipelineExecutionArn;
    // One without an execution is of a start that was cut off.
    if (earlier !== undefined && executions(store).has(executionId(earlier))) return earlier;
    const definition = readDefinition(pipeline.PipelineDefinition);
    const faults = unsupportedSteps(allSteps(definition.Steps));
    if (input.PipelineVersionId !== undefined)
      faults.push('PipelineVersionId: versions of pipelines are not kept here; leave it out');
    if (faults.length > 0) throw new ServiceError('ValidationException', faults.join('\n'));
    const selective = this.selectiveConfig(pipeline, input);
    const id = randomId(ID_LENGTH);
    const time = now().toISOString();
    const record: ExecutionRecord = {
      PipelineName: pipeline.PipelineName,
      PipelineArn: pipeline.PipelineArn,
      PipelineExecutionArn: `${pipeline.PipelineArn}/execution/${id}`,
      PipelineExecutionDisplayName: text(input.PipelineExecutionDisplayName) || `execution-${now().getTime()}`,
      ...(input.PipelineExecutionDescription !== undefined && {
        PipelineExecutionDescription: text(input.PipelineExecutionDescription),
      }),
      PipelineExecutionStatus: 'Executing',
      CreationTime: time,
      LastModifiedTime: time,
      ...parallelism(input.ParallelismConfiguration ?? pipeline.ParallelismConfiguration),
      ...(selective && { SelectiveExecutionConfig: selective.config }),
      Parameters: parameterValues(
        definition.Parameters,
        (input.PipelineParameters ?? []) as readonly JsonObject[],
        selective?.source?.Parameters,
      ),
      Steps: selective ? takenSteps(graphOf(definition), selective.config, selective.source) : [],
    };
    for (const { StepName, SelectiveExecutionResult } of record.Steps) {
      const source = SelectiveExecutionResult?.SourcePipelineExecutionArn ?? '';
      const properties = this.properties.get(source, StepName);
      if (properties) this.properties.put(record.PipelineExecutionArn, StepName, properties);
    }
    executedDefinitions(store).put(id, { PipelineDefinition: pipeline.PipelineDefinition });
    if (token !== undefined) tokens.put(token, { PipelineExecutionArn: record.PipelineExecutionArn });
    pipelines(store).put(pipeline.PipelineName, { ...pipeline, LastRunTime: time });
    // Last of all: from here on there is the execution, and a successor would take it up.
    executions(store).put(id, record);
    this.events.executionChanged(record, undefined);
    this.launch(record, definition);
    return record.PipelineExecutionArn;
  }

  /** @throws ServiceError ResourceNotFound */
  find(executionArn: string): ExecutionRecord {
    const running = this.running.get(executionId(executionArn));
    const record = running?.run.record ?? executions(this.tools.context.store).get(executionId(executionArn));
    if (record?.PipelineExecutionArn === executionArn) return record;
    throw new ServiceError('ResourceNotFound', `Pipeline execution with ARN ${executionArn} does not exist.`);
  }

  /** What an execution runs. @returns undefined if it wasn't kept */
  definitionOf({ PipelineExecutionArn }: ExecutionRecord): Definition | undefined {
    const id = executionId(PipelineExecutionArn);
    const running = this.running.get(id);
    if (running) return running.run.definition;
    const kept = executedDefinitions(this.tools.context.store).get(id);
    return kept && parseDefinition(kept.PipelineDefinition);
  }

  stop(executionArn: string): void {
    const { PipelineExecutionStatus: status } = this.find(executionArn);
    const running = this.running.get(executionId(executionArn));
    if (status === 'Stopping') return;
    if (status !== 'Executing' || !running)
      throw new ServiceError(
        'ValidationException',
        `${executionArn}: only an execution that is Executing can be stopped, got ${status}`,
      );
    running.run.stop();
  }

  /** Runs what failed or was stopped again, and what comes after it. */
  retry(executionArn: string, clientRequestToken: string, ParallelismConfiguration: JsonObject | undefined): void {
    const record = this.find(executionArn);
    if (clientRequestToken !== '' && record.RetryToken === clientRequestToken) return;
    const { PipelineExecutionStatus: status } = record;
    if (status !== 'Failed' && status !== 'Stopped')
      throw new ServiceError(
        'ValidationException',
        `${executionArn}: only an execution that is Failed or Stopped can be retried, got ${status}`,
      );
    const definition = this.keptDefinition(record);
    const { FailureReason: _, ...kept } = record;
    const retried: ExecutionRecord = {
      ...kept,
      ...parallelism(ParallelismConfiguration ?? record.ParallelismConfiguration),
      PipelineExecutionStatus: 'Executing',
      LastModifiedTime: this.tools.context.now().toISOString(),
      RetryToken: clientRequestToken,
      Steps: record.Steps.filter(isDone),
    };
    // A kill may have left one; from here on it would count.
    this.journal.clear(executionArn);
    executions(this.tools.context.store).put(executionId(executionArn), retried);
    this.events.executionChanged(retried, status);
    this.launch(retried, definition);
  }

  /**
   * Writes members that a user may change, whether the execution still runs or not.
   * @throws ServiceError
   */
  update(executionArn: string, changes: Partial<ExecutionRecord>): void {
    const record = this.find(executionArn);
    const members = { ...changes, ...parallelism(changes.ParallelismConfiguration) };
    const running = this.running.get(executionId(executionArn));
    if (running) running.run.update(members);
    else executions(this.tools.context.store).put(executionId(executionArn), { ...record, ...members });
  }

  /** Goes on with the executions that the last server left: steps that had ended are kept, others begin anew. */
  resume(): void {
    for (const record of executions(this.tools.context.store).list()) {
      try {
        if (record.PipelineExecutionStatus === 'Executing') this.takeUp(this.journal.complete(record));
        if (record.PipelineExecutionStatus === 'Stopping') this.markEnded(this.journal.complete(record), 'Stopped');
      } catch (error) {
        const { message } = error as Error;
        this.tools.context.log(`${record.PipelineExecutionArn}: can't go on with it, got ${message}`);
        this.markEnded(record, 'Failed', `InternalServerError: the server can't go on with it, got ${message}`);
      }
    }
  }

  async close(): Promise<void> {
    for (const { run } of this.running.values()) run.close();
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }

  private launch(record: ExecutionRecord, definition: Definition): void {
    const { tools, cache, events } = this;
    const id = executionId(record.PipelineExecutionArn);
    const run = new ExecutionRun({ tools, cache, events, definition, record });
    this.running.set(id, { run, ended: this.drive(run, id) });
  }

  private async drive(run: ExecutionRun, id: string): Promise<void> {
    try {
      await run.run();
    } catch (error) {
      this.tools.context.log(`${run.record.PipelineExecutionArn}: ${(error as Error).stack}`);
      // What can't be written down is at least remembered.
      if (!(await run.fail((error as Error).message))) return;
    }
    if (this.running.get(id)?.run === run) this.running.delete(id);
  }

  private takeUp(record: ExecutionRecord): void {
    // After a failure the others were only let run to their end: it is no use to begin them anew.
    const failed = record.Steps.some(({ StepStatus }) => StepStatus === 'Failed');
    const Steps = failed ? record.Steps.map((step) => this.ended(step)) : record.Steps.filter(isDone);
    this.launch({ ...record, Steps }, this.keptDefinition(record));
  }

  private markEnded(record: ExecutionRecord, status: 'Stopped' | 'Failed', FailureReason?: string): void {
    const ended: ExecutionRecord = {
      ...record,
      PipelineExecutionStatus: status,
      ...(FailureReason !== undefined && { FailureReason }),
      LastModifiedTime: this.tools.context.now().toISOString(),
      Steps: record.Steps.map((step) => this.ended(step)),
    };
    executions(this.tools.context.store).put(executionId(record.PipelineExecutionArn), ended);
    this.journal.clear(record.PipelineExecutionArn);
    this.events.executionChanged(ended, record.PipelineExecutionStatus);
  }

  private ended(step: StepRecord): StepRecord {
    if (isDone(step) || step.StepStatus === 'Failed' || step.StepStatus === 'Stopped') return step;
    return { ...step, StepStatus: 'Stopped', EndTime: this.tools.context.now().toISOString() };
  }

  private keptDefinition(record: ExecutionRecord): Definition {
    return this.definitionOf(record) ?? parseDefinition('');
  }

  private selectiveConfig({ PipelineName }: PipelineRecord, { SelectiveExecutionConfig }: JsonObject) {
    if (SelectiveExecutionConfig === undefined) return undefined;
    const config = SelectiveExecutionConfig as JsonObject;
    const arn = text(config.SourcePipelineExecutionArn);
    const source = arn === '' ? this.latest(PipelineName) : this.find(arn);
    if (source && source.PipelineName !== PipelineName)
      throw new ServiceError(
        'ValidationException',
        `SourcePipelineExecutionArn: must be an execution of ${PipelineName}, got ${arn}`,
      );
    return {
      config: { ...config, ...(source && { SourcePipelineExecutionArn: source.PipelineExecutionArn }) },
      source,
    };
  }

  private latest(pipelineName: string): ExecutionRecord | undefined {
    return executions(this.tools.context.store)
      .list()
      .filter(({ PipelineName }) => PipelineName === pipelineName)
      .sort((a, b) => (a.CreationTime < b.CreationTime ? 1 : -1))[0];
  }
}

function isDone({ StepStatus }: StepRecord): boolean {
  return StepStatus === 'Succeeded';
}

function parallelism(configuration: unknown): Pick<ExecutionRecord, 'ParallelismConfiguration'> {
  if (typeof configuration !== 'object' || configuration === null) return {};
  const { MaxParallelExecutionSteps: steps } = configuration as { MaxParallelExecutionSteps?: number };
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= 1))
    throw new ServiceError(
      'ValidationException',
      `ParallelismConfiguration.MaxParallelExecutionSteps must be 1 or more, got ${steps}`,
    );
  return { ParallelismConfiguration: { MaxParallelExecutionSteps: steps } };
}

function tokenKey({ PipelineArn }: PipelineRecord, token: string): string {
  return createHash('sha256').update(`${PipelineArn}\n${token}`).digest('hex');
}

import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type { JsonObject } from '../../../core/json';
import { ServerClosing } from '../job/job-error';
import type { AbortReason } from '../job/run-command';
import type { Definition } from './definition';
import { executeStep } from './execute-step';
import type { ExecutionEvents } from './execution-events';
import {
  type ExecutionRecord,
  type ExecutionStatus,
  executionId,
  executions,
  type StepRecord,
} from './execution-record';
import { type Graph, graphOf, type Node } from './graph';
import { selectedSteps } from './selective-execution';
import type { StepCache } from './step-cache';
import { StepProperties } from './step-properties';
import { StepStopped, type StepTools } from './step-runner';

export interface ExecutionRunProps {
  readonly tools: StepTools;
  readonly cache: StepCache;
  readonly events: ExecutionEvents;
  readonly definition: Definition;
  /** With the steps that are done already: they aren't run again. */
  readonly record: ExecutionRecord;
}

const REASON_CHARACTERS = 1300;
/** How late the start of a step may be on disk. */
const SOON_MS = 100;

/**
 * Drives one execution to its end. What a step has come to is on disk before anything else begins. That one was begun is
 * written with the next of these, or a little later: whoever takes up the execution begins it anew, whether it says so
 * or not.
 */
export class ExecutionRun {
  private readonly graph: Graph;
  private readonly properties: StepProperties;
  private readonly active = new Map<string, Promise<void>>();
  private readonly abort = new AbortController();
  private current: ExecutionRecord;
  private closing = false;
  private unwritten: NodeJS.Timeout | undefined;
  /** Has the steps that are ready looked for again. */
  private wake = () => {};

  constructor(private readonly props: ExecutionRunProps) {
    this.graph = graphOf(props.definition);
    this.properties = new StepProperties(props.tools.context.store);
    // Every running step listens, however many there are.
    setMaxListeners(0, this.abort.signal);
    this.current = props.record;
  }

  /** Settles when the execution has ended, or stands still because the server closes. */
  async run(): Promise<void> {
    while (!this.closing) {
      // The limit may have been lowered below what is running.
      const room = Math.max(0, this.parallelism - this.active.size);
      for (const node of this.ready().slice(0, room)) this.launch(node);
      if (this.active.size === 0) break;
      const changed = new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      await Promise.race([...this.active.values(), changed]);
    }
    await Promise.all(this.active.values());
    if (!this.closing) this.conclude();
  }

  get definition(): Definition {
    return this.props.definition;
  }

  get record(): ExecutionRecord {
    return this.current;
  }

  /** Writes members of the execution's description. */
  update(members: Partial<ExecutionRecord>): void {
    const previous = this.current.PipelineExecutionStatus;
    this.change(members);
    this.write();
    if (members.ParallelismConfiguration) this.wake();
    if (this.current.PipelineExecutionStatus !== previous) this.props.events.executionChanged(this.current, previous);
  }

  private change(members: Partial<ExecutionRecord>): void {
    this.current = { ...this.current, ...members, LastModifiedTime: this.props.tools.context.now().toISOString() };
  }

  private write(): void {
    clearTimeout(this.unwritten);
    this.unwritten = undefined;
    const { store } = this.props.tools.context;
    executions(store).put(executionId(this.current.PipelineExecutionArn), this.current);
  }

  private writeSoon(): void {
    this.unwritten ??= setTimeout(() => this.writeIfPossible(), SOON_MS);
  }

  private writeIfPossible(): void {
    try {
      this.write();
    } catch (error) {
      // The next one that matters fails again, and ends the execution.
      this.props.tools.context.log(`${this.current.PipelineExecutionArn}: ${(error as Error).message}`);
    }
  }

  /** Ends the running steps and starts no further ones. */
  stop(): void {
    this.update({ PipelineExecutionStatus: 'Stopping' });
    for (const { StepName, StepStatus } of this.current.Steps)
      if (StepStatus === 'Starting' || StepStatus === 'Executing')
        this.updateStep(StepName, { StepStatus: 'Stopping' });
    this.abort.abort('stop' satisfies AbortReason);
  }

  /** Lets go of the execution: what is running is started anew by the next server. */
  close(): void {
    this.closing = true;
    if (this.unwritten) this.writeIfPossible();
    this.abort.abort('close' satisfies AbortReason);
  }

  /** Ends the execution for a reason that lies in this program. @returns whether that could be written down */
  fail(message: string): boolean {
    this.abort.abort('stop' satisfies AbortReason);
    const members = {
      PipelineExecutionStatus: 'Failed',
      FailureReason: `InternalServerError: ${message}`.slice(0, REASON_CHARACTERS),
    } as const;
    try {
      this.update(members);
      return true;
    } catch {
      this.current = { ...this.current, ...members };
      return false;
    }
  }

  private get parallelism(): number {
    return this.current.ParallelismConfiguration?.MaxParallelExecutionSteps ?? availableParallelism();
  }

  private ready(): Node[] {
    if (this.abort.signal.aborted || this.current.Steps.some(({ StepStatus }) => StepStatus === 'Failed')) return [];
    const steps = new Map(this.current.Steps.map((step) => [step.StepName, step]));
    const selected = selectedSteps(this.current);
    return [...this.graph.values()].filter(
      (node) => !steps.has(node.step.Name) && (selected?.has(node.step.Name) ?? true) && isReady(node, steps, selected),
    );
  }

  private launch({ step }: Node): void {
    const { context } = this.props.tools;
    const record: StepRecord = {
      StepName: step.Name,
      ...(step.DisplayName !== undefined && { StepDisplayName: step.DisplayName }),
      ...(step.Description !== undefined && { StepDescription: step.Description }),
      StepStatus: 'Starting',
      StartTime: context.now().toISOString(),
      AttemptCount: 0,
    };
    this.change({ Steps: [...this.current.Steps, record] });
    this.writeSoon();
    this.props.events.stepChanged(this.current, record, step.Type, undefined);
    const running = this.runStep({ step }).finally(() => this.active.delete(step.Name));
    // It is awaited with the others; should two fail to be written down, the second must not end the program.
    running.catch(() => {});
    this.active.set(step.Name, running);
  }

  private async runStep({ step }: Pick<Node, 'step'>): Promise<void> {
    const { tools, cache, definition } = this.props;
    const started = (members: Partial<StepRecord>) =>
      this.updateStep(step.Name, { StepStatus: this.abort.signal.aborted ? 'Stopping' : 'Executing', ...members });
    const end = (members: Partial<StepRecord>) =>
      this.updateStep(step.Name, { EndTime: tools.context.now().toISOString(), ...members });
    try {
      const { properties, metadata, cachedFrom } = await executeStep({
        tools,
        cache,
        definition,
        record: () => this.current,
        properties: (name) => this.properties.get(this.current.PipelineExecutionArn, name),
        step,
        signal: this.abort.signal,
        started,
      });
      if (this.closing) return;
      if (properties) this.properties.put(this.current.PipelineExecutionArn, step.Name, properties);
      end({
        StepStatus: 'Succeeded',
        ...(metadata && { Metadata: metadata }),
        ...(cachedFrom !== undefined && { CacheHitResult: { SourcePipelineExecutionArn: cachedFrom } }),
      });
    } catch (error) {
      if (this.closing || error instanceof ServerClosing) return;
      if (error instanceof StepStopped) end({ StepStatus: 'Stopped' });
      else end({ StepStatus: 'Failed', FailureReason: (error as Error).message.slice(0, REASON_CHARACTERS) });
    }
  }

  private updateStep(name: string, members: Partial<StepRecord>): void {
    const before = this.current.Steps.find(({ StepName }) => StepName === name);
    if (!before) return;
    const after: StepRecord = { ...before, ...members };
    this.change({ Steps: this.current.Steps.map((step) => (step === before ? after : step)) });
    if (after.EndTime === undefined) this.writeSoon();
    else this.write();
    const type = this.graph.get(name)?.step.Type ?? '';
    if (after.StepStatus !== before.StepStatus)
      this.props.events.stepChanged(this.current, after, type, before.StepStatus);
  }

  private conclude(): void {
    const failed = this.current.Steps.filter(({ StepStatus }) => StepStatus === 'Failed');
    const status: ExecutionStatus = this.abort.signal.aborted ? 'Stopped' : failed.length > 0 ? 'Failed' : 'Succeeded';
    const reasons = failed.map(({ StepName, FailureReason }) => `${StepName}: ${FailureReason ?? ''}`);
    const reason = `Step failure: One or multiple steps failed. ${reasons.join('; ')}`.slice(0, REASON_CHARACTERS);
    this.update({ PipelineExecutionStatus: status, ...(status === 'Failed' && { FailureReason: reason }) });
  }
}

function outcomeOf({ Metadata }: StepRecord): unknown {
  return (Metadata?.Condition as JsonObject | undefined)?.Outcome;
}

/** Everything before the step has succeeded, and the condition above it has chosen its branch. */
function isReady(
  { dependencies, parent }: Node,
  steps: ReadonlyMap<string, StepRecord>,
  selected: ReadonlySet<string> | undefined,
): boolean {
  if (!dependencies.every((name) => steps.get(name)?.StepStatus === 'Succeeded')) return false;
  // Who selects a step of a branch but not its condition has made the choice.
  if (!parent || selected?.has(parent.condition) === false) return true;
  const condition = steps.get(parent.condition);
  return condition?.StepStatus === 'Succeeded' && outcomeOf(condition) === (parent.branch === 'if' ? 'True' : 'False');
}

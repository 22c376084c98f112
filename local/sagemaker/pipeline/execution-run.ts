import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import type { JsonObject } from '../../../core/json';
import { ServerClosing } from '../job/job-error';
import type { AbortReason } from '../job/run-command';
import type { Definition } from './definition';
import { executeStep } from './execute-step';
import type { ExecutionEvents } from './execution-events';
import {
  type ExecutionMembers,
  type ExecutionRecord,
  type ExecutionStatus,
  executionId,
  executions,
  type StepRecord,
} from './execution-record';
import { type Graph, graphOf, type Node } from './graph';
import { selectedSteps } from './selective-execution';
import type { StepCache } from './step-cache';
import { StepJournal } from './step-journal';
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
 * Drives one execution to its end. What a step has come to is on disk before anything else begins: see
 * {@link StepJournal}. That one was begun is written with the next of these, or a little later: whoever takes up the
 * execution begins it anew, whether it says so or not.
 */
export class ExecutionRun {
  private readonly graph: Graph;
  private readonly properties: StepProperties;
  private readonly active = new Map<string, Promise<void>>();
  private readonly abort = new AbortController();
  private readonly journal: StepJournal;
  /** By name, in the order in which they were started. */
  private readonly steps: Map<string, StepRecord>;
  /** Those that haven't been started, and are to be once what is before them is done. */
  private readonly waiting: Set<Node>;
  /** Those that have changed since they were written. */
  private readonly unwritten = new Map<string, StepRecord>();
  private current: ExecutionMembers;
  private hasFailed: boolean;
  private closing = false;
  private soon: NodeJS.Timeout | undefined;
  /** Has the steps that are ready looked for again. */
  private wake = () => {};

  constructor(private readonly props: ExecutionRunProps) {
    const { Steps, ...members } = props.record;
    this.current = members;
    this.steps = new Map(Steps.map((step) => [step.StepName, step]));
    this.hasFailed = Steps.some(isFailed);
    this.graph = graphOf(props.definition);
    const selected = selectedSteps(this.current);
    this.waiting = new Set(
      [...this.graph].flatMap(([name, node]) => (this.steps.has(name) || selected?.has(name) === false ? [] : [node])),
    );
    this.properties = new StepProperties(props.tools.context.store);
    this.journal = new StepJournal(props.tools.context.store);
    // Every running step listens, however many there are.
    setMaxListeners(0, this.abort.signal);
  }

  /** Settles when the execution has ended, or stands still because the server closes. */
  async run(): Promise<void> {
    while (!this.closing) {
      // The limit may have been lowered below what is running.
      const room = Math.max(0, this.parallelism - this.active.size);
      for (const node of this.ready(room)) this.launch(node);
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
    return { ...this.current, Steps: [...this.steps.values()] };
  }

  /** Writes members of the execution's description. */
  update(members: Partial<ExecutionMembers>): void {
    const previous = this.current.PipelineExecutionStatus;
    this.change(members);
    this.write();
    if (members.ParallelismConfiguration) this.wake();
    if (this.current.PipelineExecutionStatus !== previous) this.props.events.executionChanged(this.current, previous);
  }

  private change(members: Partial<ExecutionMembers>): void {
    this.current = { ...this.current, ...members, LastModifiedTime: this.props.tools.context.now().toISOString() };
  }

  private write(): void {
    const { store } = this.props.tools.context;
    executions(store).put(executionId(this.current.PipelineExecutionArn), this.record);
    this.journal.clear(this.current.PipelineExecutionArn);
    this.forgetUnwritten();
  }

  private writeSteps(): void {
    this.journal.add(this.current.PipelineExecutionArn, [...this.unwritten.values()]);
    this.forgetUnwritten();
  }

  private forgetUnwritten(): void {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.unwritten.clear();
  }

  private writeStepsSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.writeStepsIfPossible();
    }, SOON_MS);
  }

  private writeStepsIfPossible(): void {
    try {
      this.writeSteps();
    } catch (error) {
      // The next one that matters fails again, and ends the execution.
      this.props.tools.context.log(`${this.current.PipelineExecutionArn}: ${(error as Error).message}`);
    }
  }

  /** Ends the running steps and starts no further ones. */
  stop(): void {
    this.update({ PipelineExecutionStatus: 'Stopping' });
    for (const { StepName, StepStatus } of this.steps.values())
      if (StepStatus === 'Starting' || StepStatus === 'Executing')
        this.updateStep(StepName, { StepStatus: 'Stopping' });
    this.abort.abort('stop' satisfies AbortReason);
  }

  /** Lets go of the execution: what is running is started anew by the next server. */
  close(): void {
    this.closing = true;
    this.writeStepsIfPossible();
    this.abort.abort('close' satisfies AbortReason);
  }

  /** Ends it, and the steps that run, for a reason that lies in this program. @returns whether that could be written down */
  async fail(message: string): Promise<boolean> {
    this.abort.abort('stop' satisfies AbortReason);
    // What they come to is the last that is written.
    await Promise.allSettled(this.active.values());
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

  /** @param most that are asked for */
  private ready(most: number): Node[] {
    const found: Node[] = [];
    if (this.abort.signal.aborted || this.hasFailed) return found;
    const selected = selectedSteps(this.current);
    for (const node of this.waiting) {
      if (found.length === most) break;
      if (isReady(node, this.steps, selected)) found.push(node);
    }
    return found;
  }

  private launch(node: Node): void {
    const { step } = node;
    const { context } = this.props.tools;
    this.waiting.delete(node);
    const record: StepRecord = {
      StepName: step.Name,
      ...(step.DisplayName !== undefined && { StepDisplayName: step.DisplayName }),
      ...(step.Description !== undefined && { StepDescription: step.Description }),
      StepStatus: 'Starting',
      StartTime: context.now().toISOString(),
      AttemptCount: 0,
    };
    this.keep(record);
    this.writeStepsSoon();
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
    const before = this.steps.get(name);
    if (!before) return;
    const after: StepRecord = { ...before, ...members };
    this.keep(after);
    if (after.EndTime === undefined) this.writeStepsSoon();
    else this.writeSteps();
    const type = this.graph.get(name)?.step.Type ?? '';
    if (after.StepStatus !== before.StepStatus)
      this.props.events.stepChanged(this.current, after, type, before.StepStatus);
  }

  private keep(step: StepRecord): void {
    this.steps.set(step.StepName, step);
    this.unwritten.set(step.StepName, step);
    this.hasFailed ||= isFailed(step);
    this.change({});
  }

  private conclude(): void {
    const failed = [...this.steps.values()].filter(isFailed);
    const status: ExecutionStatus = this.abort.signal.aborted ? 'Stopped' : failed.length > 0 ? 'Failed' : 'Succeeded';
    const reasons = failed.map(({ StepName, FailureReason }) => `${StepName}: ${FailureReason ?? ''}`);
    const reason = `Step failure: One or multiple steps failed. ${reasons.join('; ')}`.slice(0, REASON_CHARACTERS);
    this.update({ PipelineExecutionStatus: status, ...(status === 'Failed' && { FailureReason: reason }) });
  }
}

function isFailed({ StepStatus }: StepRecord): boolean {
  return StepStatus === 'Failed';
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

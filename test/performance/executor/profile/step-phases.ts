/** A step of an execution as its record has it. */
export interface StepState {
  readonly StartTime: string;
  readonly EndTime: string;
  readonly Metadata: { readonly ProcessingJob: { readonly Arn: string } };
}

/** A job as its record has it. */
export interface JobTimes {
  readonly ProcessingJobArn: string;
  readonly ProcessingStartTime: string;
  readonly ProcessingEndTime: string;
}

/** In milliseconds since 1970. */
export interface StepTimes {
  readonly begun: number;
  /** When its process was about to be started, and when it had ended. */
  readonly processBegun: number;
  readonly processEnded: number;
  readonly ended: number;
}

/** In milliseconds. */
export interface StepPhases {
  /** From the end of a step to the start of the next: in a chain only. */
  readonly between: number;
  readonly before: number;
  readonly process: number;
  readonly after: number;
}

/** @param jobs by ARN @throws Error if a job is missing */
export function stepTimes(steps: readonly StepState[], jobs: ReadonlyMap<string, JobTimes>): readonly StepTimes[] {
  return steps.map(({ StartTime, EndTime, Metadata }) => {
    const { Arn } = Metadata.ProcessingJob;
    const job = jobs.get(Arn);
    if (!job) throw new Error(`stepTimes: needs the job of each step, got none for ${Arn}; keep the records`);
    return {
      begun: Date.parse(StartTime),
      processBegun: Date.parse(job.ProcessingStartTime),
      processEnded: Date.parse(job.ProcessingEndTime),
      ended: Date.parse(EndTime),
    };
  });
}

/** How long each phase of a step takes on average. @param steps in the order of their start, at least one */
export function meanPhases(steps: readonly StepTimes[]): StepPhases {
  if (steps.length === 0) throw new RangeError('meanPhases: needs steps, got none; see what was run');
  const mean = (of: (step: StepTimes, index: number) => number) =>
    steps.reduce((sum, step, index) => sum + of(step, index), 0) / steps.length;
  return {
    between: mean(({ begun }, index) => begun - (steps[index - 1]?.ended ?? begun)),
    before: mean(({ begun, processBegun }) => processBegun - begun),
    process: mean(({ processBegun, processEnded }) => processEnded - processBegun),
    after: mean(({ ended, processEnded }) => ended - processEnded),
  };
}

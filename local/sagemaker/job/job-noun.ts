/** The kinds of jobs, as the service's actions and members name them: `CreateTrainingJob`, `TrainingJobName`. */
export const JOB_NOUNS = ['ProcessingJob', 'TrainingJob', 'HyperParameterTuningJob', 'TransformJob'] as const;
export type JobNoun = (typeof JOB_NOUNS)[number];

/** Kind of resource in the job's ARN; also the folder of its records. */
export const JOB_RESOURCE: Readonly<Record<JobNoun, string>> = {
  ProcessingJob: 'processing-job',
  TrainingJob: 'training-job',
  HyperParameterTuningJob: 'hyper-parameter-tuning-job',
  TransformJob: 'transform-job',
};

/** Longest name of each kind, in characters. */
export const JOB_NAME_LIMIT: Readonly<Record<JobNoun, number>> = {
  ProcessingJob: 63,
  TrainingJob: 63,
  HyperParameterTuningJob: 32,
  TransformJob: 63,
};

export type JobStatus = 'InProgress' | 'Stopping' | 'Stopped' | 'Completed' | 'Failed';

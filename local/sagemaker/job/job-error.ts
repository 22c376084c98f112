/** Whose fault a failed job is, as the first word of its FailureReason tells. */
export type Blame = 'AlgorithmError' | 'ClientError' | 'InternalServerError';

/** Why a job failed. */
export class JobError extends Error {
  override readonly name = 'JobError';

  constructor(
    readonly blame: Blame,
    message: string,
    /** Members of the job's description that are known all the same, for example its ExitMessage. */
    readonly members: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** The job's server is being closed: nothing is to be recorded, the next server takes over. */
export class ServerClosing extends Error {
  override readonly name = 'ServerClosing';

  constructor() {
    super('the server is closing');
  }
}

/** How long things take around model servers, in milliseconds. */
export interface Timing {
  /** Wait before the second restart in a row; it doubles up to a minute. The first restart is made at once. */
  readonly restartDelayMs: number;
  /** Between two pings of a server in service. */
  readonly healthCheckMs: number;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number;
  /** Longest time that requests which are under way hold up the end of a fleet. */
  readonly drainMs: number;
  /** Without a request for this long, a serverless variant goes down to nothing. */
  readonly serverlessIdleMs: number;
  /** How many times faster than the machine's the clock of deployments goes. */
  readonly speed: number;
}

/** Without a new request for as long, nobody is taken to send any more. */
const QUIET_SECONDS = 0.5;
/** After as long the server stops to listen, whoever still sends. */
const LONGEST_SECONDS = 5;

/**
 * The time between the wish that a server ends and its last accepted connection. Balancers hear of a server's end after
 * it does, and clients keep connections open: so it says that it isn't ready any more, closes each connection after its
 * answer, and goes on listening until nobody asks.
 */
export class Drain {
  private readonly listeningSeconds: number;
  private askedAt: number | undefined;
  private lastRequest = Number.NEGATIVE_INFINITY;
  private active = 0;

  /**
   * @param drainSeconds all that there is; at least half of it is left to requests that are under way
   * @param now in seconds
   */
  constructor(
    drainSeconds: number,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {
    this.listeningSeconds = Math.min(LONGEST_SECONDS, drainSeconds / 2);
  }

  /** Begins it; a second wish changes nothing. */
  ask(): void {
    this.askedAt ??= this.now();
  }

  get asked(): boolean {
    return this.askedAt !== undefined;
  }

  /** A prediction was asked for. */
  begin(): void {
    this.active += 1;
    this.lastRequest = this.now();
  }

  /** And answered, or its client went away. */
  end(): void {
    this.active -= 1;
    this.lastRequest = this.now();
  }

  /** Whether to stop listening. */
  get over(): boolean {
    if (this.askedAt === undefined) return false;
    const now = this.now();
    const quiet = Math.min(QUIET_SECONDS, this.listeningSeconds);
    // Behind one that is under way others may wait, not yet read.
    const isQuiet = this.active === 0 && now - Math.max(this.askedAt, this.lastRequest) >= quiet;
    return isQuiet || now - this.askedAt >= this.listeningSeconds;
  }
}

import type { Refusal } from '../metrics/server-metrics';

export interface AdmissionProps {
  /** Requests under way at once. */
  readonly mostRequests: number;
  /** Bytes of bodies in memory at once. */
  readonly mostBytes: number;
  /** Resident bytes of the process from which on requests are let in one at a time only. @default - no such limit */
  readonly memoryBytes?: number;
  /** @default the process's */
  readonly residentBytes?: () => number;
}

/** For how long a reading of the memory holds: asking the system costs as much as a small request. */
const READING_MS = 100;

/**
 * Says no before memory grows. What is let in takes a ticket; its bytes count as they arrive, so that a client which
 * promises much and sends little keeps nobody out.
 */
export class Admission {
  private requests = 0;
  private bytes = 0;
  private resident = 0;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly props: AdmissionProps) {}

  get pending(): number {
    return this.requests;
  }

  /** @returns why not, instead of a ticket */
  enter(): Ticket | Refusal {
    if (this.requests >= this.props.mostRequests) return 'requests';
    if (this.bytes >= this.props.mostBytes) return 'bytes';
    // One at a time even then: a process gives memory back only as it works, and refusing all would last for good.
    const { memoryBytes } = this.props;
    if (this.requests > 0 && memoryBytes !== undefined && this.memory() >= memoryBytes) return 'memory';
    this.requests += 1;
    let held = 0;
    let open = true;
    return {
      hold: (more) => {
        if (!open) return true;
        if (this.bytes + more > this.props.mostBytes) return false;
        held += more;
        this.bytes += more;
        return true;
      },
      leave: () => {
        if (!open) return;
        open = false;
        this.requests -= 1;
        this.bytes -= held;
      },
    };
  }

  private memory(): number {
    const now = performance.now();
    if (now - this.readAt >= READING_MS) {
      this.readAt = now;
      this.resident = this.props.residentBytes?.() ?? process.memoryUsage.rss();
    }
    return this.resident;
  }
}

export interface Ticket {
  /** Takes room for more bytes of the body. @returns false if there is none */
  hold(bytes: number): boolean;
  /** Gives everything back; more than once does no harm. */
  leave(): void;
}

import type { Surroundings } from '../output';

export interface WaitingProps {
  readonly minutes: number;
  readonly everySeconds: number;
  readonly surroundings: Pick<Surroundings, 'now' | 'out'>;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** What else to tell of the moment. @default - nothing */
  readonly beside?: () => string;
}

/** After this long with no news, the old news is told again, so that nobody takes the command for dead. */
const REPEAT_SECONDS = 60;

/** A wait with a bound, that says what it waits for. */
export class Waiting {
  private readonly begun: number;
  private told = { message: '', at: Number.NEGATIVE_INFINITY };

  constructor(private readonly props: WaitingProps) {
    this.begun = this.seconds();
  }

  /**
   * Tells the news and lets a moment pass.
   * @param detail what changes all the time and is no news by itself: shown anew where a line can be redrawn
   * @returns whether to go on: false once the time is over
   */
  async pause(message: string, detail = ''): Promise<boolean> {
    const { minutes, everySeconds, sleep, surroundings } = this.props;
    const now = this.seconds();
    const details = [detail, this.props.beside?.() ?? ''].filter((part) => part !== '');
    const line = `${clock(now - this.begun)}  ${[message, ...details].join(', ')}`;
    if (message !== this.told.message || now - this.told.at >= REPEAT_SECONDS) {
      this.told = { message, at: now };
      surroundings.out.note(line);
    } else if (details.length > 0) surroundings.out.transient?.(line);
    if (now - this.begun >= minutes * 60) return false;
    await sleep(everySeconds * 1000);
    return true;
  }

  private seconds(): number {
    return this.props.surroundings.now().getTime() / 1000;
  }
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(3)}:${String(whole % 60).padStart(2, '0')}`;
}

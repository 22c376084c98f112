/** Where a command writes. Tests give their own. */
export interface Output {
  /** One line of the answer, to the standard output. */
  line(text: string): void;
  /** One line beside the answer, to the standard error. */
  note(text: string): void;
  /** A line that the next one takes the place of. @default - the output can't redraw lines, and none is written */
  readonly transient?: (text: string) => void;
}

/** What every command is given instead of reaching for the process. */
export interface Surroundings {
  readonly out: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Root of the checkout. */
  readonly repository: string;
  /** Whether the standard output is a terminal that can redraw lines. */
  readonly interactive: boolean;
  readonly now: () => Date;
  /** Calls back once when the user presses Ctrl-C or the process is asked to end. */
  readonly onInterrupt: (callback: () => Promise<void>) => void;
}

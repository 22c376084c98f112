/** Tells the user what a phase is doing; a later message replaces an earlier one. */
export type Say = (message: string) => void;

/** Shows the phases of a run as they go. */
export interface Progress {
  /**
   * Runs one phase under its title.
   * @param done the line that stays when the phase has ended, from its result
   */
  phase<T>(title: PhaseTitle, work: (say: Say) => Promise<T>, done?: (result: T) => string): Promise<T>;
}

/** The phases of a model's whole life on a laptop, in order. */
export const PHASES = [
  'Set up Python',
  'Start the local AWS',
  'Deploy the stacks',
  'Upload the data',
  'Run the pipeline',
  'Check the gates',
  'Approve the model package',
  'Promote it to the endpoint',
  'Invoke the endpoint',
  'Write the report',
] as const;
export type PhaseTitle = (typeof PHASES)[number];

/** Those that run beside each other, next to each other in {@link PHASES}: each waits for what it needs itself. */
export const SIDE_BY_SIDE: ReadonlySet<PhaseTitle> = new Set<PhaseTitle>([
  'Set up Python',
  'Start the local AWS',
  'Deploy the stacks',
]);

import type { Operations } from './operation';

/** A part of our SageMaker that runs processes: it has to hear when the program begins and ends. */
export interface RunningPart {
  readonly operations: Operations;
  /** Takes up what an earlier program left unfinished. Begins it and returns; doesn't wait for its end. */
  resume(): Promise<void>;
  /** Ends every process that the part has started; what is unfinished is taken up by the next program. */
  close(): Promise<void>;
}

import { Listr, type ListrTaskWrapper } from 'listr2';
import pc from 'picocolors';
import { type PhaseTitle, type Progress, type Say, SIDE_BY_SIDE } from '../local/loop/progress';
import { TitledLines } from './titled-lines';

// biome-ignore lint: listr2 wants its renderers named; the list is the same for each of them.
type Line = Pick<ListrTaskWrapper<object, never, never>, 'title' | 'output'>;
type Parent = Pick<ListrTaskWrapper<object, never, never>, 'newListr'>;

/** One title of the list: it begins when its turn comes, and ends when its work has. */
class Slot {
  readonly begun: Promise<Line>;
  readonly ended: Promise<void>;
  begin!: (line: Line) => void;
  succeed!: () => void;
  fail!: (error: unknown) => void;

  constructor(readonly title: PhaseTitle) {
    this.begun = new Promise((resolve) => {
      this.begin = resolve;
    });
    this.ended = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
    this.ended.catch(() => undefined);
  }
}

/**
 * Shows phases as a list that is drawn anew while they run, and as plain lines where that isn't possible.
 * The titles are known at the start; the work of each comes later, through {@link phase}.
 */
export class LiveList implements Progress {
  private readonly slots: readonly Slot[];
  private readonly drawn: Promise<unknown>;

  constructor(
    titles: readonly PhaseTitle[],
    private readonly renderer: 'default' | 'simple' | 'silent',
  ) {
    this.slots = titles.map((title) => new Slot(title));
    const task = (slot: Slot) => ({
      title: slot.title,
      task: (_: object, line: Line) => {
        slot.begin(line);
        return slot.ended;
      },
    });
    const together = this.slots.filter(({ title }) => SIDE_BY_SIDE.has(title)).map(task);
    const inTurn = this.slots.filter(({ title }) => !SIDE_BY_SIDE.has(title)).map(task);
    const list = new Listr(
      [
        // A line without a title: those below it stand as if they were in the list themselves.
        ...(together.length > 0
          ? [{ task: (_: object, line: Parent) => line.newListr(together, { concurrent: true }) }]
          : []),
        ...inTurn,
      ],
      {
        renderer,
        registerSignalListeners: false,
        rendererOptions: renderer === 'simple' ? { logger: new TitledLines() } : { showErrorMessage: false },
      },
    );
    // The error reaches the caller through `phase`; here it only ends the drawing.
    this.drawn = list.run().catch(() => undefined);
  }

  async phase<T>(title: PhaseTitle, work: (say: Say) => Promise<T>, done?: (result: T) => string): Promise<T> {
    const slot = this.slots.find((candidate) => candidate.title === title);
    if (!slot) return work(() => undefined);
    const line = await slot.begun;
    // Where lines can't be redrawn, a message doesn't stand below its title.
    const prefix = this.renderer === 'simple' && SIDE_BY_SIDE.has(title) ? `${title}: ` : '';
    try {
      let last = '';
      const result = await work((message) => {
        // Where lines can't be redrawn, each message is a line of its own.
        if (message !== last) line.output = `${prefix}${message}`;
        last = message;
      });
      if (done) line.title = `${title} ${pc.dim(`· ${done(result)}`)}`;
      slot.succeed();
      return result;
    } catch (error) {
      slot.fail(error);
      await this.drawn;
      throw error;
    }
  }

  /**
   * Does the work whose phases are shown. Whatever it ends with, nothing is drawn any more afterwards: a list that waits for
   * a phase which never comes would be drawn for good, over the message of the error.
   */
  async show<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await this.close();
      return result;
    } catch (error) {
      for (const slot of this.slots) slot.fail(error);
      await this.close();
      throw error;
    }
  }

  /** Waits until the last line is on the screen. */
  async close(): Promise<void> {
    await this.drawn;
  }
}

import { EXIT } from './exit-code';

/** The reader of a pipe has seen enough, as head has; or the terminal is gone, whose signal is on the way. */
const READER_GONE = new Set(['EPIPE', 'EIO']);

/**
 * Lets a command go on to its end, and end with its own exit code, when nobody reads its output any more: what it changes
 * must not stay half done because of `| head`, and what it found must not become a 0. Any other fault, such as a full
 * disk, ends it as failed once it is through: an answer is lost that somebody meant to keep.
 */
export function onLostOutput(streams: readonly NodeJS.WriteStream[]): void {
  let lost: NodeJS.ErrnoException | undefined;
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!READER_GONE.has(error.code ?? '')) lost ??= error;
    });
  process.on('exit', () => {
    if (lost === undefined) return;
    console.error(`the output: could not be written, got ${lost.message}; free some space and run it again`);
    if (process.exitCode === undefined || process.exitCode === EXIT.done) process.exitCode = EXIT.failed;
  });
}

/** What a shell makes of a program that a signal ended: 128 and its number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Calls back when the process is asked to end: by Ctrl-C, by `kill`, or because its terminal is gone. A second Ctrl-C
 * ends it at once, as it would any program.
 *
 * Node forgets that it was started to ignore SIGHUP, as by `nohup`, and would end by it
 * (https://github.com/nodejs/node/blob/v20.x/src/node.cc, `ResetSignalHandlers`). `nohup` also leaves none of the three
 * streams at a terminal. So a process that has no terminal, and can't lose one, ignores the signal.
 * @param streams those that may be a terminal, as they are at the start: one that is gone isn't a terminal any more
 */
export function onEndingSignal(
  streams: readonly { readonly isTTY?: boolean }[],
  end: (exitCode: number) => void,
): void {
  const hasTerminal = streams.some(({ isTTY }) => isTTY === true);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(EXIT_CODES[signal]));
  process.on('SIGHUP', () => {
    if (!hasTerminal) return;
    // Once all else is done: Node would give the terminal its settings back, and abort because it is gone.
    process.once('exit', () => {
      // Also those of packages, as of what draws lists.
      process.removeAllListeners('SIGHUP');
      process.kill(process.pid, 'SIGHUP');
    });
    end(EXIT_CODES.SIGHUP);
  });
}

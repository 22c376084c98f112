import { Container, type Exit } from '../../container/container';
import type { Context } from '../context';
import type { JobDirectory } from './job-directory';
import { JobError, ServerClosing } from './job-error';

/** Why a job's signal is aborted: somebody stopped the job, or the server ends and leaves the rest to the next one. */
export type AbortReason = 'stop' | 'close';

export interface CommandProps {
  readonly imageUri: string;
  readonly command: readonly string[];
  readonly directory: JobDirectory;
  readonly environment: Readonly<Record<string, string>>;
  /** As the request has it: `ml.m5.large`. */
  readonly instanceType: string | undefined;
  readonly maxRuntimeSeconds: number;
  /** Aborted with an {@link AbortReason}. */
  readonly signal: AbortSignal;
  /** Aborted when the server closes, before `signal` is. */
  readonly closing: AbortSignal;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
}

export interface CommandEnd {
  readonly exit: Exit;
  readonly endedBy: 'itself' | 'stop' | 'time limit';
}

/** Longest delay of a timer, in milliseconds: a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** How long a container may take to end when the server does. */
const CLOSING_GRACE_MS = 5000;

/**
 * Runs a job's container to its end, whoever brings it about.
 * @throws JobError if the image was never built here, or the command isn't in it
 * @throws ServerClosing
 */
export async function runCommand(context: Context, props: CommandProps): Promise<CommandEnd> {
  const { signal, closing, directory } = props;
  const image = context.images.find(props.imageUri);
  if (!image)
    throw new JobError(
      'ClientError',
      `${props.imageUri}: no such image was built here; deploy the stack of the pipeline first`,
    );
  throwIfClosing(signal);
  if (signal.aborted) return { exit: { code: null, signal: null }, endedBy: 'stop' };
  const container = await Container.start({
    image,
    command: props.command,
    directory: directory.root,
    environment: { ...context.containerEnvironment, ...props.environment },
    ...(!isAccelerated(props.instanceType) && { forkServers: context.forkServers }),
  }).catch((cause: Error) => {
    throw new JobError('ClientError', cause.message);
  });
  let endedBy: CommandEnd['endedBy'] = 'itself';
  const end = (cause: 'stop' | 'time limit', graceMs: number) => {
    if (endedBy === 'itself') endedBy = cause;
    void container.stop(graceMs);
  };
  const closingGraceMs = Math.min(CLOSING_GRACE_MS, props.graceMs);
  const onAbort = () => end('stop', signal.reason === 'close' ? closingGraceMs : props.graceMs);
  const onClosing = () => {
    // Somebody has stopped it, with all the time that there is; whoever closes the server waits for it now.
    if (signal.aborted) end('stop', closingGraceMs);
  };
  const timer = setTimeout(
    () => end('time limit', props.graceMs),
    Math.min(props.maxRuntimeSeconds * 1000, LONGEST_TIMER),
  );
  signal.addEventListener('abort', onAbort);
  closing.addEventListener('abort', onClosing);
  if (signal.aborted) onAbort();
  if (closing.aborted) onClosing();
  const exit = await container.exited;
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
  closing.removeEventListener('abort', onClosing);
  throwIfClosing(signal);
  return { exit, endedBy };
}

export function throwIfClosing(signal: AbortSignal): void {
  if (signal.aborted && signal.reason === 'close') throw new ServerClosing();
}

/** What drives an accelerator doesn't outlive a fork. */
function isAccelerated(instanceType = ''): boolean {
  return /^ml\.(g|p|inf|trn)\d/.test(instanceType);
}

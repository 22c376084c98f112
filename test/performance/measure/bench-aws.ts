import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killLocalAws } from '../../../local/aws/kill-local-aws';
import { startLocalAws, stopLocalAws } from '../../../local/aws/local-aws';
import { type Clients, localClients } from '../../../local/clients';
import type { Image } from '../../../local/container/image';
import { StateDirectory } from '../../../local/state-directory';
import type { BenchPlace } from './bench-place';

export const BENCH_REGION = 'us-east-1';
export const BENCH_ACCOUNT = '000000000000';

export interface BenchAws {
  readonly state: StateDirectory;
  readonly clients: Clients;
  readonly close: () => Promise<void>;
}

const started = new Set<StateDirectory>();

/** Ends at once what still runs. */
export function killBenchAws(): void {
  for (const state of started) {
    killLocalAws(state);
    rmSync(state.root, { recursive: true, force: true, maxRetries: 10 });
  }
}

/**
 * Starts the local AWS as `mlops local up` does, on a state of its own and with nothing deployed in it.
 * @param images what the containers that are started are made of
 * @param options as of `mlops local up`
 * @throws Error with the end of a log if it doesn't start
 */
export async function startBenchAws(
  { root, directory, say }: BenchPlace,
  name: string,
  images: readonly Image[],
  options: { readonly speed?: number; readonly forkServer?: boolean } = {},
): Promise<BenchAws> {
  const state = new StateDirectory(join(directory, `${name}-${process.pid}`), join(root, '.mlops', 'python'));
  const close = async () => {
    await stopLocalAws(state);
    started.delete(state);
    rmSync(state.root, { recursive: true, force: true });
  };
  started.add(state);
  try {
    mkdirSync(state.images, { recursive: true });
    for (const image of images) writeFileSync(join(state.images, `${image.tag}.json`), JSON.stringify(image));
    const { endpoint } = await startLocalAws({
      state,
      repository: root,
      sagemakerCommand: [process.execPath, join(root, 'bin', 'mlops.mjs'), 'local-sagemaker'],
      environment: process.env,
      ...options,
      onProgress: say,
    });
    return { state, clients: localClients(endpoint, BENCH_REGION), close };
  } catch (error) {
    await close();
    throw error;
  }
}

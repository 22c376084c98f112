import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { Clients } from '../../../local/clients';
import { S3ObjectStorage } from '../../../local/sagemaker/storage/s3-object-storage';
import { startBenchAws } from '../measure/bench-aws';
import type { BenchPlace } from '../measure/bench-place';
import type { Contestant, RunFolders } from './contestant';
import { executePipeline, type PipelineStep } from './execute-pipeline';
import { WITHOUT_FORKS } from './executor-results';
import { ONE_THREAD } from './peers';
import type { Work } from './work';

const STEP = { tag: 'bench-step', script: 'step.py' };
const HEAVY_STEP = { tag: 'bench-heavy', script: 'heavy_step.py' };
const BUCKET = 'bench-executor';

export interface LocalExecutor {
  /** In the order of {@link OURS}. Without data that is handed on, as the peers run it, and with all of it through S3. */
  readonly contestants: readonly Contestant[];
  /** With and without the fork server, and with steps that import packages. */
  readonly heavy: readonly Contestant[];
  readonly close: () => Promise<void>;
}

export interface StepPythons {
  readonly stepPython: string;
  /** Has pandas and scikit-learn. */
  readonly packagePython: string;
}

/**
 * Starts the local AWS twice, as `mlops local up` does with and without the fork server, with nothing deployed in it.
 * @throws Error with the end of a log if it doesn't start
 */
export async function startLocalExecutor(place: BenchPlace, pythons: StepPythons): Promise<LocalExecutor> {
  const { stepPython, packagePython } = pythons;
  const program = join(__dirname, 'peers');
  const images = [
    { tag: STEP.tag, program, interpreter: stepPython, environment: ONE_THREAD },
    { tag: HEAVY_STEP.tag, program, interpreter: packagePython, environment: ONE_THREAD },
  ];
  const forking = await startBenchAws(place, 'executor', images);
  try {
    const anew = await startBenchAws(place, 'executor-anew', images, { forkServer: false });
    await forking.clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const [ours, oursAnew] = ['mlops-stack', 'mlops-stack, --no-fork-server'];
    return {
      contestants: [
        contestant({ id: 'ours', title: ours, clients: forking.clients, step: STEP }),
        contestant({ id: WITHOUT_FORKS, title: oursAnew, clients: anew.clients, step: STEP }),
        contestant({ id: 'ours-s3', title: `${ours}, outputs through S3`, clients: forking.clients, step: STEP }),
      ],
      heavy: [
        contestant({ id: 'heavy', title: ours, clients: forking.clients, step: HEAVY_STEP }),
        contestant({ id: 'heavy-anew', title: oursAnew, clients: anew.clients, step: HEAVY_STEP }),
      ],
      close: async () => {
        await Promise.all([forking.close(), anew.close()]);
      },
    };
  } catch (error) {
    await forking.close();
    throw error;
  }
}

interface OursProps {
  readonly id: string;
  readonly title: string;
  readonly clients: Clients;
  readonly step: PipelineStep;
}

function contestant({ id, title, clients, step }: OursProps): Contestant {
  return {
    id,
    title,
    versions: '',
    run: async (work, folders) => {
      const name = `bench-${Math.random().toString(36).slice(2)}`;
      const prefix = id === 'ours-s3' ? `s3://${BUCKET}/${name}` : undefined;
      const { seconds, failure } = await executePipeline(clients.sageMaker, { name, work, folders, prefix, step });
      if (failure !== undefined) throw new Error(`${title}: must run ${work.steps} steps, got ${failure}`);
      if (prefix !== undefined) await fetchOutputs(clients, prefix, work, folders);
      return seconds;
    },
  };
}

/** Brings the files of the steps to where those of the others lie. */
async function fetchOutputs({ s3 }: Clients, prefix: string, { steps }: Work, { outputs }: RunFolders): Promise<void> {
  const storage = new S3ObjectStorage(s3);
  for (let index = 0; index < steps; index += 1) await storage.download(`${prefix}/${index}/`, outputs);
}

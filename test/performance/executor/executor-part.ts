import { Faults } from '../../../core/faults';
import { findPython } from '../../../local/python/find-python';
import type { BenchPart } from '../bench-part';
import { killBenchAws } from '../measure/bench-aws';
import { type BenchPlace, pythonOf } from '../measure/bench-place';
import { thisMachine } from '../measure/machine';
import { PART_OPTIONS, type PartDefaults, parseWords, partOptionLines, partOptions } from '../measure/part-options';
import { publish, warnIfBusy } from '../measure/publish';
import { executorReport } from './executor-report';
import { startLocalExecutor } from './local-executor';
import { bareLoop, installPeers, PEER_IDS } from './peers';
import { killDrivers } from './run-driver';
import { checkExecutors, runExecutors, runHeavy } from './run-executors';

const DEFAULTS: PartDefaults = { what: 'peers', ids: PEER_IDS, rounds: 3 };

/** With pandas and scikit-learn, as the loop makes it for the images. */
const PACKAGES = { name: 'sklearn', lock: 'workloads/images/sklearn/requirements.lock' };

/** Our pipeline executor against its peers. */
export const executorPart: BenchPart = {
  summary: 'the local pipeline executor against Kubeflow Pipelines, Metaflow, ZenML, Prefect, Dagster and DVC',
  options: partOptionLines(DEFAULTS),
  run: executorBench,
  end: () => {
    killDrivers();
    killBenchAws();
  },
};

async function executorBench(args: readonly string[], place: BenchPlace): Promise<void> {
  const faults = new Faults();
  const options = partOptions(parseWords('executor', args, PART_OPTIONS), DEFAULTS, faults);
  faults.throwIfAny('npm run bench -- executor');
  const machine = thisMachine();
  warnIfBusy(place, machine);
  const { only = PEER_IDS, rounds, check } = options;
  const stepPython = await findPython(process.env);
  const peers = await installPeers(place, only, stepPython);
  const packagePython = await pythonOf(place, PACKAGES);
  const local = await startLocalExecutor(place, { stepPython, packagePython });
  try {
    const props = { place, bare: bareLoop(stepPython), contestants: [...local.contestants, ...peers], rounds };
    await checkExecutors(props);
    if (check) {
      place.say(`all ${props.contestants.length} run every step, in order`);
      return;
    }
    const heavy = await runHeavy(place, [bareLoop(packagePython, 'heavy_step.py'), ...local.heavy], rounds);
    const results = { ...(await runExecutors(props)), heavy };
    publish({ place, part: 'executor', options, machine, report: executorReport(results), results });
  } finally {
    await local.close();
  }
}

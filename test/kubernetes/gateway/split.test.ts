import { type Case, ENGINE_SETTINGS, filesOf } from '../../unit/charts/served';
import { gateway } from '../../unit/config/kubernetes/smallest';
import { type Pod, PodWatch } from '../cluster/pods';
import { modelOf, RunningCluster } from '../cluster/running-cluster';
import { readFiles } from '../manifests/read-files';
import { modelServers } from '../serving/model-servers';
import { binomialInterval } from './binomial-interval';
import { startGateway } from './contour';
import { envoyProgram } from './envoy';
import { predictThrough } from './predict-through';

const SPACE = 'split';
const REQUESTS = 2000;
const NEEDED = ['PodMonitor', 'PrometheusRule'];

let cluster: RunningCluster;
let pods: PodWatch | undefined;
let port: number;

const choice = (percent: number): Case => ({
  engine: ENGINE_SETTINGS['gateway-api'],
  rollout: { kind: 'canary', percent },
  model: { workload: 'flight_delay' },
  kubernetes: { replicas: { min: 1, max: 1 } },
  plane: { namespace: SPACE },
  step: 1,
});

beforeAll(async () => {
  cluster = await RunningCluster.start(
    (group, kind) => /projectcontour|gateway\.networking/.test(group) || NEEDED.includes(kind),
  );
  const { plane } = cluster;
  pods = new PodWatch(
    plane.api,
    await modelServers(plane.processes, { [modelOf('a')]: { model: 'good' }, [modelOf('b')]: { model: 'good' } }),
  );
  port = await startGateway(plane, await envoyProgram(), { name: gateway.name, namespace: gateway.namespace });
  await cluster.applier.applied(...readFiles(filesOf(choice(20))));
  await cluster.until(
    'two ready pods',
    () => cluster.readyPods(SPACE),
    ({ length }) => length === 2,
  );
  await cluster.until('an answer through the gateway', send, (status) => status === 200);
}, 600_000);
afterAll(async () => {
  await pods?.stop();
  await cluster?.plane.stop();
}, 120_000);

const send = () => predictThrough(port, `churn.${gateway.domain}`);

/** Predictions that the pod of a release has answered, as its own server counts them. */
async function answered(digit: string): Promise<number> {
  const isOf = ({ spec }: Pod) => spec.volumes.some((volume) => volume.image?.reference === modelOf(digit));
  const pod = (await cluster.readyPods(SPACE)).find(isOf);
  const text = await (await fetch(`http://${pod?.status.podIP}:8080/metrics`)).text();
  return Number(/^http_requests_total\{handler="\/invocations".*status="200"\} (\d+)$/m.exec(text)?.[1]);
}

/** Of so many predictions, how many the candidate answered. */
async function shared(): Promise<number> {
  const before = [await answered('a'), await answered('b')] as const;
  const statuses = new Set<number>();
  for (let sent = 0; sent < REQUESTS; sent += 20) {
    for (const status of await Promise.all(Array.from({ length: 20 }, send))) statuses.add(status);
  }
  const after = [await answered('a'), await answered('b')] as const;
  if (statuses.size !== 1 || !statuses.has(200)) throw new Error(`answers: ${[...statuses].join(', ')}`);
  const counts = [after[0] - before[0], after[1] - before[1]] as const;
  if (counts[0] + counts[1] !== REQUESTS) throw new Error(`${REQUESTS} predictions, got ${counts.join(' and ')}`);
  return counts[1];
}

describe('a real gateway, configured by a real controller from the emitted HTTPRoute,', () => {
  test.each([20, 50, 5])(
    'gives the candidate %i %% of the requests',
    async (percent) => {
      await cluster.applier.applied(...readFiles(filesOf(choice(percent))));
      const { low, high } = binomialInterval(REQUESTS, percent / 100, 0.99);
      const isIn = (count: number) => count >= low && count <= high;
      // The first requests may meet the weights from before.
      await cluster.until(`${low} to ${high} of ${REQUESTS}`, shared, isIn, 60);
      // One sample in a hundred lies outside by chance, and one pair in ten thousand.
      expect(isIn(await shared()) || isIn(await shared())).toBe(true);
    },
    240_000,
  );
});

import { isReady, PodWatch } from './pods';
import { RunningCluster } from './running-cluster';

const SPACE = 'drained';
const REPLICAS = 4;

let cluster: RunningCluster;
let pods: PodWatch;
/** Whether pods that start become ready. */
let loads = true;

beforeAll(async () => {
  cluster = await RunningCluster.start((_, kind) => ['PodMonitor', 'PrometheusRule'].includes(kind));
  pods = new PodWatch(cluster.plane.api, { isReady: async () => loads });
  await cluster.release(SPACE, 'a', { kubernetes: { replicas: { min: REPLICAS, max: REPLICAS } } });
  await allReady();
}, 300_000);
afterAll(async () => {
  await pods?.stop();
  await cluster?.plane.stop();
}, 120_000);

const allReady = () =>
  cluster.until(
    `${REPLICAS} ready pods`,
    () => cluster.readyPods(SPACE),
    (ready) => ready.length === REPLICAS,
  );

/** As `kubectl drain` asks. */
async function evict(name: string) {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: SPACE } };
  return cluster.plane.api.send('POST', `/api/v1/namespaces/${SPACE}/pods/${name}/eviction`, eviction);
}

/** The budget's controller counts the pods a moment later. */
const budgetAllows = (count: number) =>
  cluster.until(
    `a budget of ${count}`,
    () => cluster.plane.api.ask('GET', `/apis/policy/v1/namespaces/${SPACE}/poddisruptionbudgets/churn`),
    ({ status }) => status?.disruptionsAllowed === count && status.currentHealthy === REPLICAS - 1 + count,
  );

test('pods are spread over the zones', async () => {
  const nodes = (await cluster.pods(SPACE)).map(({ spec }) => spec.nodeName);
  expect(new Set(nodes).size).toBe(3);
});

test('a drain takes one pod at a time, and waits until another has taken its place', async () => {
  await budgetAllows(1);
  loads = false;
  const [first, second] = (await cluster.readyPods(SPACE)).map(({ metadata }) => metadata.name);
  expect((await evict(first ?? '')).status).toBe(201);
  const refused = await evict(second ?? '');
  expect(refused.status).toBe(429);
  expect(refused.body.message).toContain("violate the pod's disruption budget");
  expect(await cluster.readyPods(SPACE)).toHaveLength(REPLICAS - 1);

  loads = true;
  await allReady();
  await budgetAllows(1);
  expect((await evict(second ?? '')).status).toBe(201);
  await allReady();
}, 300_000);

test('a pod that never became ready does not hold a drain up', async () => {
  await budgetAllows(1);
  loads = false;
  const [first] = await cluster.readyPods(SPACE);
  expect((await evict(first?.metadata.name ?? '')).status).toBe(201);
  const [stuck] = await cluster.until(
    'a pod that is not ready',
    async () => {
      const all = await cluster.pods(SPACE);
      return all.filter((pod) => pod.status.phase === 'Running' && !pod.metadata.deletionTimestamp && !isReady(pod));
    },
    (found) => found.length === 1,
  );
  await budgetAllows(0);
  expect((await evict(stuck?.metadata.name ?? '')).status).toBe(201);
  loads = true;
  await allReady();
}, 300_000);

import { spawnSync } from 'node:child_process';
import type { Case } from '../../unit/charts/served';
import { startRollouts } from '../cluster/controllers';
import { PodWatch } from '../cluster/pods';
import { startPrometheus, tellPrometheus } from '../cluster/prometheus';
import { modelOf, RunningCluster } from '../cluster/running-cluster';
import { freePort } from '../control-plane/control-plane';
import { modelServers } from './model-servers';
import { PodTraffic } from './pod-traffic';

const SPACES = ['good', 'bad', 'silent', 'slow', 'stuck'] as const;
const SLOW_SECONDS = 40;

let cluster: RunningCluster;
let pods: PodWatch | undefined;
let prometheusPort: number;
const traffic: PodTraffic[] = [];

/** Half of the pods take the new version first; each step is watched for a minute, the shortest time there is. */
function choice(space: string): Case {
  return {
    engine: { kind: 'argo-rollouts' },
    rollout: {
      kind: 'canary',
      percent: 50,
      bakeMinutes: 1,
      guards: { errorRatePercent: 5, p99LatencyMs: null, minimumRequests: 20 },
    },
    model: { workload: 'flight_delay' },
    kubernetes: { replicas: { min: 2, max: 2 }, loadSeconds: space === 'slow' ? SLOW_SECONDS : 5 },
    plane: { prometheus: { url: `http://127.0.0.1:${prometheusPort}` } },
  };
}

interface RolloutStatus {
  readonly phase?: string;
  readonly message?: string;
  readonly abort?: boolean;
  readonly currentStepIndex?: number;
  readonly stableRS?: string;
  readonly currentPodHash?: string;
  readonly pauseConditions?: readonly { readonly reason: string }[];
}

const PATH = (space: string) => `/apis/argoproj.io/v1alpha1/namespaces/${space}/rollouts/churn`;
const statusOf = async (space: string): Promise<RolloutStatus> =>
  (await cluster.plane.api.ask('GET', PATH(space))).status ?? {};
const isHealthy = (status: RolloutStatus) => status.phase === 'Healthy' && status.stableRS === status.currentPodHash;

async function podsOf(space: string, digit: string) {
  const all = await cluster.readyPods(space);
  return all.filter(({ spec }) => spec.volumes.some((volume) => volume.image?.reference === modelOf(digit)));
}

beforeAll(async () => {
  const kinds = ['PodMonitor', 'PrometheusRule'];
  cluster = await RunningCluster.start((group, kind) => group === 'argoproj.io' || kinds.includes(kind));
  const { plane } = cluster;
  prometheusPort = await freePort('prometheus');
  await startRollouts(plane);
  const inside = await modelServers(plane.processes, {
    [modelOf('a')]: { model: 'good' },
    [modelOf('b')]: { model: 'good' },
    [modelOf('c')]: { model: 'bad' },
    [modelOf('d')]: { loadSeconds: SLOW_SECONDS },
    [modelOf('e')]: { loadSeconds: Number.POSITIVE_INFINITY },
    [modelOf('f')]: {},
  });
  pods = new PodWatch(plane.api, { ...inside, seen: (all) => tellPrometheus(plane, all) });
  const first = (space: string) => (space === 'slow' || space === 'stuck' ? 'f' : 'a');
  for (const space of SPACES) await cluster.release(space, first(space), choice(space));
  await startPrometheus(plane, prometheusPort);
  for (const space of SPACES) {
    await cluster.until(`the first release of ${space}`, () => statusOf(space), isHealthy, 240);
  }
  for (const space of ['good', 'bad']) traffic.push(new PodTraffic(plane.api, space, 'churn'));
  const next = { good: 'b', bad: 'c', silent: 'b', slow: 'd', stuck: 'e' };
  for (const space of SPACES) await cluster.release(space, next[space], choice(space));
  // A version that never starts would be waited for over ten minutes: nodes and images may take their time.
  const sooner = { spec: { progressDeadlineSeconds: 45 } };
  await plane.api.ask('PATCH', PATH('stuck'), sooner, 'application/merge-patch+json');
}, 600_000);
afterAll(async () => {
  for (const it of traffic) await it.stop();
  await pods?.stop();
  await cluster?.plane.stop();
}, 120_000);

/** Of Debian's package, as .ci/run installs it. */
const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;
if (!hasPrometheus) console.warn('rollouts: not run, because there is no prometheus on the PATH');

(hasPrometheus ? describe : describe.skip)(
  'a canary on Argo Rollouts, judged by Prometheus over real model servers,',
  () => {
    test('goes step by step to all pods while its metrics are good', async () => {
      await cluster.until(
        'the first step',
        () => statusOf('good'),
        ({ currentStepIndex }) => currentStepIndex === 1,
      );
      expect(await podsOf('good', 'a')).toHaveLength(1);
      await cluster.until('the end', () => statusOf('good'), isHealthy, 300);
      expect(await podsOf('good', 'b')).toHaveLength(2);
      expect(traffic[0]?.statuses[200]).toBeGreaterThan(500);
      expect(traffic[0]?.statuses[500]).toBeUndefined();
    }, 420_000);

    test('goes back by itself when it fails', async () => {
      const status = await cluster.until(
        'an abort',
        () => statusOf('bad'),
        ({ phase }) => phase === 'Degraded',
        240,
      );
      expect(status).toMatchObject({ abort: true, message: expect.stringContaining('errorRatePercent') });
      await cluster.until(
        'the old version',
        () => podsOf('bad', 'a'),
        ({ length }) => length === 2,
      );
      expect(traffic[1]?.statuses[500]).toBeGreaterThan(20);
    }, 300_000);

    test('stands still, for somebody to decide, while nobody asks it anything', async () => {
      const status = await cluster.until(
        'a pause',
        () => statusOf('silent'),
        ({ phase }) => phase === 'Paused',
        240,
      );
      expect(status.pauseConditions).toEqual([expect.objectContaining({ reason: 'InconclusiveAnalysisRun' })]);
      expect(status).toMatchObject({ currentStepIndex: 1 });
      expect(status.abort).not.toBe(true);
      expect(await podsOf('silent', 'a')).toHaveLength(1);
      expect(await podsOf('silent', 'b')).toHaveLength(1);
    }, 300_000);

    test('waits for a model that loads slowly, with the old version serving', async () => {
      await cluster.until(
        'the slow pod',
        () => podsOf('slow', 'd'),
        ({ length }) => length > 0,
        180,
      );
      expect(await statusOf('slow')).not.toMatchObject({ abort: true });
      const { items } = await cluster.plane.api.ask('GET', '/api/v1/namespaces/slow/events');
      expect(JSON.stringify(items)).not.toContain('RolloutAborted');
    }, 240_000);

    test('gives up a version that is not ready after its deadline, and keeps the old one', async () => {
      const status = await cluster.until(
        'an abort',
        () => statusOf('stuck'),
        ({ abort }) => abort === true,
        240,
      );
      expect(status.message).toContain('timed out progressing');
      await cluster.until(
        'the old version',
        () => podsOf('stuck', 'f'),
        ({ length }) => length === 2,
      );
    }, 300_000);
  },
);

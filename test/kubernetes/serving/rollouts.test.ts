import type { Case } from '../../unit/charts/served';
import { gateway } from '../../unit/config/kubernetes/smallest';
import { predictThrough } from '../gateway/predict-through';
import { askPods } from './ask-pods';
import { FlaggerWatch } from './flagger-watch';
import { hasPrometheus, type JudgedCluster, startJudgedCluster } from './judged-cluster';
import { Traffic } from './traffic';

const ARGO = ['good', 'bad', 'silent', 'slow', 'stuck'] as const;
const FLAGGER = ['flagger-good', 'flagger-bad', 'flagger-silent'] as const;
const SLOW_SECONDS = 40;

let judged: JudgedCluster;
const traffic: Partial<Record<string, Traffic>> = {};
const watches: Partial<Record<string, FlaggerWatch>> = {};

/** Half of the pods take the new version first; each step is watched for a minute, the shortest time there is. */
function choice(space: string): Case {
  const isFlagger = space.startsWith('flagger');
  return {
    engine: isFlagger
      ? { kind: 'flagger', traffic: { kind: 'gateway-api', gateway: { ...gateway, domain: `${space}.test` } } }
      : { kind: 'argo-rollouts' },
    rollout: {
      kind: 'canary',
      percent: 50,
      bakeMinutes: 1,
      guards: { errorRatePercent: 5, p99LatencyMs: null, minimumRequests: 20 },
      ...(isFlagger ? { whenInconclusive: 'rollBack' } : {}),
    },
    model: { workload: 'flight_delay' },
    kubernetes: { replicas: { min: 2, max: 2 }, loadSeconds: space === 'slow' ? SLOW_SECONDS : 5 },
    plane: { prometheus: { url: judged.prometheusUrl } },
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
const api = () => judged.cluster.plane.api;
const statusOf = async (space: string): Promise<RolloutStatus> => (await api().ask('GET', PATH(space))).status ?? {};
const canaryOf = async (space: string) => (await watches[space]?.status()) ?? {};
const isHealthy = (status: RolloutStatus) => status.phase === 'Healthy' && status.stableRS === status.currentPodHash;
const until: JudgedCluster['cluster']['until'] = (...args) => judged.cluster.until(...args);
const podsOf = (space: string, digit: string) => judged.podsOf(space, digit);

async function eventsOf(space: string): Promise<string> {
  return JSON.stringify((await api().ask('GET', `/api/v1/namespaces/${space}/events`)).items);
}

beforeAll(async () => {
  judged = await startJudgedCluster({
    a: { model: 'good' },
    b: { model: 'good' },
    c: { model: 'bad' },
    d: { loadSeconds: SLOW_SECONDS },
    e: { loadSeconds: Number.POSITIVE_INFINITY },
    f: {},
  });
  const { cluster, gatewayPort } = judged;
  const first = (space: string) => (space === 'slow' || space === 'stuck' ? 'f' : 'a');
  for (const space of [...ARGO, ...FLAGGER]) await cluster.release(space, first(space), choice(space));
  for (const space of FLAGGER) watches[space] = new FlaggerWatch(api(), space);
  await judged.measure();
  for (const space of ARGO) await until(`the first release of ${space}`, () => statusOf(space), isHealthy, 240);
  for (const space of FLAGGER) {
    await until(
      `the first release of ${space}`,
      () => canaryOf(space),
      ({ phase }) => phase === 'Initialized',
      240,
    );
  }
  for (const space of ['good', 'bad']) traffic[space] = new Traffic(askPods(api(), space, 'churn'));
  for (const space of ['flagger-good', 'flagger-bad']) {
    const ask = () => predictThrough(gatewayPort, `churn.${space}.test`);
    await until(`an answer through the gateway of ${space}`, ask, (status) => status === 200);
    traffic[space] = new Traffic(ask);
  }
  const next: Readonly<Record<string, string>> = { bad: 'c', 'flagger-bad': 'c', slow: 'd', stuck: 'e' };
  for (const space of [...FLAGGER, ...ARGO]) await cluster.release(space, next[space] ?? 'b', choice(space));
  // A version that never starts would be waited for over ten minutes: nodes and images may take their time.
  const sooner = { spec: { progressDeadlineSeconds: 45 } };
  await api().ask('PATCH', PATH('stuck'), sooner, 'application/merge-patch+json');
}, 600_000);
afterAll(async () => {
  for (const it of Object.values(traffic)) await it?.stop();
  for (const it of Object.values(watches)) await it?.stop();
  await judged?.stop();
}, 120_000);

if (!hasPrometheus) console.warn('rollouts: not run, because there is no prometheus on the PATH');

(hasPrometheus ? describe : describe.skip)(
  'a canary on Argo Rollouts, judged by Prometheus over real model servers,',
  () => {
    test('goes step by step to all pods while its metrics are good', async () => {
      await until(
        'the first step',
        () => statusOf('good'),
        ({ currentStepIndex }) => currentStepIndex === 1,
      );
      expect(await podsOf('good', 'a')).toHaveLength(1);
      await until('the end', () => statusOf('good'), isHealthy, 300);
      expect(await podsOf('good', 'b')).toHaveLength(2);
      // All of them: no other status, and none without an answer.
      expect(traffic.good?.statuses).toEqual({ 200: expect.any(Number) });
      expect(traffic.good?.statuses[200]).toBeGreaterThan(500);
    }, 600_000);

    test('goes back by itself when it fails', async () => {
      const status = await until(
        'an abort',
        () => statusOf('bad'),
        ({ phase }) => phase === 'Degraded',
        240,
      );
      expect(status).toMatchObject({ abort: true, message: expect.stringContaining('errorRatePercent') });
      await until(
        'the old version',
        () => podsOf('bad', 'a'),
        ({ length }) => length === 2,
      );
      expect(traffic.bad?.statuses).toEqual({ 200: expect.any(Number), 500: expect.any(Number) });
      expect(traffic.bad?.statuses[500]).toBeGreaterThan(20);
    }, 600_000);

    test('stands still, for somebody to decide, while nobody asks it anything', async () => {
      const status = await until(
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
    }, 600_000);

    test('waits for a model that loads slowly, with the old version serving', async () => {
      await until(
        'the slow pod',
        () => podsOf('slow', 'd'),
        ({ length }) => length > 0,
        180,
      );
      expect(await statusOf('slow')).not.toMatchObject({ abort: true });
      expect(await eventsOf('slow')).not.toContain('RolloutAborted');
    }, 600_000);

    test('gives up a version that is not ready after its deadline, and keeps the old one', async () => {
      const status = await until(
        'an abort',
        () => statusOf('stuck'),
        ({ abort }) => abort === true,
        240,
      );
      expect(status.message).toContain('timed out progressing');
      await until(
        'the old version',
        () => podsOf('stuck', 'f'),
        ({ length }) => length === 2,
      );
    }, 600_000);
  },
);

(hasPrometheus ? describe : describe.skip)(
  'a canary on Flagger, whose route a real gateway follows, judged by Prometheus over real model servers,',
  () => {
    const isOver = ({ phase = '' }) => ['Succeeded', 'Failed'].includes(phase);
    const over = (space: string) => until(`the end of ${space}`, () => canaryOf(space), isOver, 300);

    test('goes back by itself when it fails', async () => {
      expect(await over('flagger-bad')).toMatchObject({ phase: 'Failed', canaryWeight: 0 });
      expect(await eventsOf('flagger-bad')).toMatch(/advancement errorRatePercent 100\.00 > 5/);
      expect(watches['flagger-bad']?.weights).toEqual(['100/0', '50/50', '100/0']);
      expect(await podsOf('flagger-bad', 'a')).toHaveLength(2);
      expect(traffic['flagger-bad']?.statuses).toEqual({ 200: expect.any(Number), 500: expect.any(Number) });
      expect(traffic['flagger-bad']?.statuses[500]).toBeGreaterThan(20);
    }, 600_000);

    test('goes back while nobody asks it anything: no data is not taken for healthy', async () => {
      expect(await over('flagger-silent')).toMatchObject({ phase: 'Failed', canaryWeight: 0 });
      expect(await eventsOf('flagger-silent')).toContain('no values found for custom metric: errorRatePercent');
      expect(watches['flagger-silent']?.weights).toEqual(['100/0', '50/50', '100/0']);
      expect(await podsOf('flagger-silent', 'a')).toHaveLength(2);
    }, 600_000);

    test('takes its steps, and then all pods, while its metrics are good', async () => {
      expect(await over('flagger-good')).toMatchObject({ phase: 'Succeeded' });
      expect(watches['flagger-good']?.weights).toEqual(['100/0', '50/50', '0/100', '100/0']);
      await until(
        'the pods',
        () => podsOf('flagger-good', 'b'),
        ({ length }) => length === 2,
      );
      await until(
        'the old pods',
        () => podsOf('flagger-good', 'a'),
        ({ length }) => length === 0,
      );
      expect(traffic['flagger-good']?.statuses).toEqual({ 200: expect.any(Number) });
      expect(traffic['flagger-good']?.statuses[200]).toBeGreaterThan(500);
    }, 600_000);
  },
);

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelInput } from '../../../../config/model-spec';
import { download, legalRelease } from '../../config/kubernetes/smallest';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind } from '../served';
import { validate } from '../validate';

type Serving = Extract<ModelInput['serving'], { mode: 'batch' }>;

const batch = { claim: 'batch-data' };
const rollout = { kind: 'allAtOnce' } as const;

function objects(serving: Partial<Serving> = {}, more: Case = {}) {
  return objectsOf({
    rollout,
    ...more,
    kubernetes: { batch, ...more.kubernetes },
    model: { serving: { mode: 'batch', ...serving }, ...more.model },
  });
}
const cronJob = (serving: Partial<Serving> = {}, more: Case = {}) =>
  at(ofKind(objects(serving, more), 'CronJob')[0], 'spec');
const job = (serving: Partial<Serving> = {}, more: Case = {}) => at(cronJob(serving, more), 'jobTemplate', 'spec');
const podOf = (serving: Partial<Serving> = {}, more: Case = {}) => at(job(serving, more), 'template', 'spec');
const variables = (serving: Partial<Serving> = {}) =>
  Object.fromEntries(
    (at(podOf(serving), 'containers', 0, 'env') as { name: string; value?: string }[]).map(({ name, value }) => [
      name,
      value,
    ]),
  );

describe('a batch on Kubernetes', () => {
  test('is a CronJob and nothing that serves', () => {
    expect(Object.keys(objects())).toEqual(['identity.yaml', 'network.yaml', 'batch.yaml', 'monitoring.yaml']);
    const kinds = Object.values(objects())
      .flat()
      .map(({ kind }) => kind);
    expect(kinds).toEqual(['ServiceAccount', 'NetworkPolicy', 'CronJob', 'PrometheusRule']);
  });

  test('fits the published schemas, a download included', () => {
    const releases = { churn: { stable: legalRelease(ENGINE_SETTINGS.kserve) } };
    for (const choice of [{}, { plane: { download, releases } }]) {
      for (const object of Object.values(objects({}, choice)).flat()) expect(() => validate(object)).not.toThrow();
    }
    expect(podOf({}, { plane: { download, releases } })).toMatchObject({ initContainers: [{ name: 'fetch-model' }] });
  });

  test('has an index a shard', () => {
    expect(job({ instanceCount: 4 })).toMatchObject({ completionMode: 'Indexed', completions: 4, parallelism: 4 });
    expect(job()).toMatchObject({ completions: 1, parallelism: 1 });
    expect(variables({ instanceCount: 4, maxPayloadMb: 20, joinInput: false })).toEqual({
      BATCH_SHARDS: '4',
      BATCH_INPUT: '/data/batch/input',
      JOB_NAME: undefined,
      BATCH_OUTPUT: '/data/batch/output/$(JOB_NAME)',
      BATCH_PAYLOAD_MB: '20',
      BATCH_JOIN_INPUT: 'false',
    });
  });

  test('tries a shard again, but not one whose input is wrong, and forgives a drained node', () => {
    expect(job()).toMatchObject({
      backoffLimitPerIndex: 3,
      activeDeadlineSeconds: 43_200,
      ttlSecondsAfterFinished: 259_200,
      podFailurePolicy: {
        rules: [
          { action: 'FailIndex', onExitCodes: { containerName: 'batch', operator: 'In', values: [2] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
        ],
      },
    });
    const own = { claim: 'x', retries: 0, longestHours: 1, keepHours: 2 };
    expect(job({}, { kubernetes: { batch: own } })).toMatchObject({
      backoffLimitPerIndex: 0,
      activeDeadlineSeconds: 3600,
      ttlSecondsAfterFinished: 7200,
    });
  });

  test('is answered by the server that the versions are registered with', () => {
    const onnx = podOf({}, { model: { server: 'onnx' }, kubernetes: { runtime: 'onnx' } });
    expect(onnx).toMatchObject({ containers: [{ name: 'batch', command: ['batch'] }] });
    expect(existsSync(join(__dirname, '../../../../server/image/bin/batch'))).toBe(true);
  });

  test('ends with the code that the Python program has for wrong input', () => {
    const program = readFileSync(join(__dirname, '../../../../workloads/common/batch.py'), 'utf8');
    expect(program).toContain('WRONG_INPUT = 2');
    expect(readFileSync(join(__dirname, '../../../../server/batch/run-batch.ts'), 'utf8')).toContain('WRONG_INPUT = 2');
  });

  test('is as secure as a server, and has its data beside its model', () => {
    expect(podOf()).toMatchObject({
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      volumes: expect.arrayContaining([{ name: 'data', persistentVolumeClaim: { claimName: 'batch-data' } }]),
      containers: [
        {
          name: 'batch',
          command: ['python3', '-m', 'common.batch'],
          securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          volumeMounts: expect.arrayContaining([
            { name: 'data', mountPath: '/data' },
            { name: 'model', mountPath: '/opt/ml/model', readOnly: true },
          ]),
        },
      ],
    });
    expect(at(podOf(), 'containers', 0)).not.toHaveProperty('startupProbe');
  });

  test('spreads the shards of a job, which all have another index, over nodes and zones', () => {
    expect(at(podOf({ instanceCount: 4 }), 'topologySpreadConstraints')).toMatchObject([
      { topologyKey: 'topology.kubernetes.io/zone', matchLabelKeys: ['batch.kubernetes.io/job-name'] },
      { topologyKey: 'kubernetes.io/hostname', matchLabelKeys: ['batch.kubernetes.io/job-name'] },
    ]);
  });

  test('is called by nobody', () => {
    const spec = at(ofKind(objects(), 'NetworkPolicy')[0], 'spec');
    expect(spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    expect(spec).not.toHaveProperty('ingress');
  });

  test('starts by the clock, or waits to be started', () => {
    expect(cronJob({ schedule: 'cron(0 3 ? * MON-FRI *)', timeZone: 'Europe/Berlin' })).toMatchObject({
      schedule: '0 3 * * MON-FRI',
      timeZone: 'Europe/Berlin',
      suspend: false,
      concurrencyPolicy: 'Forbid',
    });
    expect(cronJob()).toMatchObject({ suspend: true, timeZone: 'UTC' });
  });

  test('tells of a job that failed', () => {
    const rule = ofKind(objects(), 'PrometheusRule')[0];
    // Whatever its name: `kubectl create job --from` gives it the CronJob as its owner, too.
    expect(at(rule, 'spec', 'groups', 0, 'rules', 0, 'expr')).toBe(
      'sum(max by (job_name) (kube_job_failed{namespace="dev", condition="true"}) * on (job_name) ' +
        'max by (job_name) (kube_job_owner{namespace="dev", owner_kind="CronJob", owner_name="churn"})) > 0',
    );
  });

  test('uses the next release with the next job, whatever the engine', () => {
    for (const engine of [
      ENGINE_SETTINGS.plain,
      ENGINE_SETTINGS['argo-rollouts'],
      ENGINE_SETTINGS['flagger with Istio'],
    ]) {
      expect(Object.keys(objects({}, { engine }))).toContain('batch.yaml');
    }
  });
});

describe('what a batch on Kubernetes refuses', () => {
  test.each([
    [{ contentType: 'application/json' }, 'churn.serving.contentType: a batch on Kubernetes answers text/csv'],
    [{ splitType: 'None', strategy: 'SingleRecord', joinInput: false }, 'churn.serving.splitType: a row is a line'],
    [{ schedule: 'rate(1 day)' }, 'churn.serving.schedule: a CronJob has no other form than cron, got rate(1 day)'],
    [{ schedule: 'cron(0 3 L * ? *)' }, 'a CronJob knows neither L, W nor #, got cron(0 3 L * ? *)'],
    [{ schedule: 'cron(0 3 ? * 2#1 *)' }, 'a CronJob knows neither L, W nor #'],
    [{ schedule: 'cron(0 3 * * ? 2030)' }, 'a CronJob knows no years, got 2030'],
  ] as const)('%p', (serving, message) => {
    expect(() => objects(serving)).toThrow(message);
  });

  test('a volume that nobody named, traffic to shift, another server than that of the versions, and a candidate', () => {
    expect(() => objects({}, { kubernetes: { batch: undefined } })).toThrow(
      'churn.kubernetes.batch: a batch reads and writes a volume, got nothing',
    );
    expect(() => objects({}, { rollout: { kind: 'canary' } })).toThrow('a batch has no traffic to shift, got canary');
    expect(() => objects({}, { model: { server: 'onnx' } })).toThrow(
      'churn.kubernetes.runtime: must be the server that versions are registered with, onnx, got python; use onnx, or',
    );
    expect(() => objects({}, { kubernetes: { runtime: 'onnx' } })).toThrow('registered with, python, got onnx');
    expect(() => objects({}, { kubernetes: { runtime: 'fastapi' } })).toThrow(
      'churn.kubernetes.runtime: files are answered by python and onnx only, got fastapi; use one of them',
    );
    expect(() => objects({}, { step: 0 })).toThrow('a batch has no traffic to share, got a candidate');
  });

  test.each([
    { retries: -1 },
    { retries: 21 },
    { longestHours: 0 },
    { longestHours: 169 },
    { keepHours: 0 },
    { keepHours: 721 },
    { retries: Number.NaN },
  ])('%p', (settings) => {
    expect(() => objects({}, { kubernetes: { batch: { ...batch, ...settings } } })).toThrow('churn.kubernetes.batch');
  });

  test.each([{ retries: 0 }, { retries: 20 }, { longestHours: 1 }, { longestHours: 168 }, { keepHours: 720 }])(
    'but not %p',
    (settings) => {
      expect(objects({}, { kubernetes: { batch: { ...batch, ...settings } } })).toBeDefined();
    },
  );
});

describe('a schedule of EventBridge', () => {
  test.each([
    ['cron(0 3 * * ? *)', '0 3 * * *'],
    ['cron(15 0/6 ? * 1 *)', '15 0/6 * * 0'],
    ['cron(0 0 ? * 2-6 *)', '0 0 * * 1-5'],
    ['cron(0 0 ? * 1,7 *)', '0 0 * * 0,6'],
    ['cron(0 0 ? JAN,JUL SUN *)', '0 0 * JAN,JUL SUN'],
  ])('%s is %s of a CronJob', (schedule, expected) => {
    expect(cronJob({ schedule })).toMatchObject({ schedule: expected });
  });
});

import type { IPodTemplateSpec } from 'kubernetes-models/v1';
import { podTemplate } from '../../../../charts/server/pod-template';
import { image, release } from '../../config/kubernetes/smallest';
import { type Case, served } from '../served';

function podOf(choice: Case = {}): NonNullable<IPodTemplateSpec['spec']> {
  const model = served(choice);
  const { spec } = podTemplate(model, model.stable, 'pod-template-hash');
  if (!spec) throw new Error('no spec');
  return spec;
}
const serverOf = (choice: Case = {}) => podOf(choice).containers[0];
const archive = { kind: 'download', url: 's3://models/churn/model.tar.gz', sha256: 'c'.repeat(64) } as const;
const downloaded: Case = {
  plane: {
    download: { image: image('aws-cli'), cidrs: ['10.0.0.0/16'] },
    releases: { churn: { stable: { ...release(), artefact: archive } } },
  },
};

describe('the pods of a release', () => {
  test.each([{}, downloaded])('of %p are what the Pod Security Standard restricted asks for', (choice) => {
    const pod = podOf(choice);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(pod.volumes?.every(({ emptyDir, image: mounted }) => emptyDir ?? mounted)).toBe(true);
  });

  test('have no token of the API, and a place to write', () => {
    expect(podOf()).toMatchObject({ automountServiceAccountToken: false, serviceAccountName: 'churn' });
    expect(serverOf()?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(['/opt/ml/model', '/tmp', '/dev/shm']);
  });

  test('start for as long as the model loads, and end after its longest request', () => {
    const slow = { kubernetes: { loadSeconds: 300, longestRequestSeconds: 120 } };
    expect(serverOf(slow)?.startupProbe).toMatchObject({ periodSeconds: 10, failureThreshold: 90 });
    expect(serverOf(slow)?.lifecycle).toEqual({ preStop: { sleep: { seconds: 15 } } });
    expect(podOf(slow).terminationGracePeriodSeconds).toBe(140);
    expect(serverOf(slow)?.env).toContainEqual({ name: 'MODEL_SERVER_DRAIN_SECONDS', value: '120' });
  });

  test('answer on the port and path of the runtime', () => {
    expect(serverOf()).toMatchObject({
      command: ['serve'],
      ports: [{ name: 'http', containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/ping', port: 'http' } },
      env: expect.arrayContaining([{ name: 'SAGEMAKER_PROGRAM', value: 'churn/serve.py' }]),
    });
  });

  test('answer over gRPC on a port of its own where the model asks for it, and probes stay with HTTP', () => {
    const container = serverOf({ kubernetes: { runtime: 'onnx', grpc: true } });
    expect(container?.ports).toEqual([
      { name: 'http', containerPort: 8080 },
      { name: 'grpc', containerPort: 8081 },
    ]);
    expect(container?.env).toContainEqual({ name: 'MODEL_SERVER_GRPC_PORT', value: '8081' });
    const probes = [container?.startupProbe, container?.readinessProbe, container?.livenessProbe];
    expect(probes.map((probe) => probe?.httpGet?.port)).toEqual(['http', 'http', 'http']);
    const without = serverOf({ kubernetes: { runtime: 'onnx' } });
    expect(without?.ports).toHaveLength(1);
    expect(without?.env?.map(({ name }) => name)).not.toContain('MODEL_SERVER_GRPC_PORT');
  });

  test('may use as much memory as they ask for, and any processor time that is left', () => {
    expect(serverOf({ kubernetes: { cpuMillis: 250, memoryMb: 512 } })?.resources).toEqual({
      requests: { cpu: '250m', memory: '512Mi' },
      limits: { memory: '512Mi' },
    });
  });

  test('ask for GPUs, and stand the taint of nodes that have some', () => {
    const pod = podOf({ kubernetes: { gpus: 2 } });
    expect(pod.containers[0]?.resources).toMatchObject({
      requests: { 'nvidia.com/gpu': '2' },
      limits: { 'nvidia.com/gpu': '2' },
    });
    expect(pod.tolerations).toEqual([{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }]);
    expect(podOf()).not.toHaveProperty('tolerations');
  });

  test('spread over zones and nodes, version by version', () => {
    expect(podOf().topologySpreadConstraints).toMatchObject([
      { topologyKey: 'topology.kubernetes.io/zone', matchLabelKeys: ['pod-template-hash'] },
      { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
    ]);
  });

  test('mount a model that is an image', () => {
    expect(podOf()).not.toHaveProperty('initContainers');
    expect(podOf().volumes?.[0]).toEqual({
      name: 'model',
      image: { reference: image('churn-model'), pullPolicy: 'IfNotPresent' },
    });
  });

  test('download a model that is an archive before the server starts, which may only read it', () => {
    const { initContainers, containers, volumes } = podOf(downloaded);
    expect(initContainers).toMatchObject([{ name: 'fetch-model', image: image('aws-cli') }]);
    expect(initContainers?.[0]?.env).toContainEqual({ name: 'ARTEFACT_SHA256', value: archive.sha256 });
    expect(volumes?.[0]).toEqual({ name: 'model', emptyDir: {} });
    expect(containers[0]?.volumeMounts?.[0]).toEqual({ name: 'model', mountPath: '/opt/ml/model', readOnly: true });
  });
});

import type { IContainer, IPodTemplateSpec } from 'kubernetes-models/v1';
import { modelObjects } from '../../../../charts/model-objects';
import { RUNTIMES } from '../../../../charts/server/runtimes';
import { RUNTIME_NAMES, type RuntimeName, unmeasured } from '../../../../config/kubernetes/runtimes';
import { GUARDS_ON_KUBERNETES } from '../../../../config/kubernetes/watched-guards';
import { at, type Case, ofKind, served } from '../served';
import { validate } from '../validate';

/** A model behind a server; an environment without the guards that the server can't answer. */
function behind(runtime: RuntimeName, choice: Case = {}) {
  const unwatchedGuards = GUARDS_ON_KUBERNETES.filter((guard) => unmeasured(runtime, guard));
  return modelObjects(served({ kubernetes: { runtime }, plane: { unwatchedGuards }, ...choice }));
}
function podOf(runtime: RuntimeName): IPodTemplateSpec {
  return at(ofKind(behind(runtime), 'Deployment')[0], 'spec', 'template') as IPodTemplateSpec;
}
function serverOf(runtime: RuntimeName): IContainer {
  const [server] = podOf(runtime).spec?.containers ?? [];
  if (!server) throw new Error('no container');
  return server;
}
const configOf = (runtime: RuntimeName) =>
  ofKind(behind(runtime), 'ConfigMap').find(({ metadata }) => metadata?.name === 'churn-server');
const metricsPort = (runtime: RuntimeName) => RUNTIMES[runtime].ports.metrics ?? RUNTIMES[runtime].ports.http;

describe.each(RUNTIME_NAMES)('the server %s', (runtime) => {
  test('has manifests that fit the published schemas', () => {
    for (const object of Object.values(behind(runtime)).flat()) expect(() => validate(object)).not.toThrow();
  });

  test('is ready by its model, alive by itself, and asked at a port that it has', () => {
    const server = serverOf(runtime);
    const { ports, readyPath } = RUNTIMES[runtime];
    expect(server.startupProbe?.httpGet).toEqual({ path: readyPath('churn'), port: 'http' });
    expect(server.readinessProbe?.httpGet).toEqual(server.startupProbe?.httpGet);
    expect(server.livenessProbe?.httpGet?.port).toBe('http');
    expect(server.ports).toContainEqual({ name: 'http', containerPort: ports.http });
  });

  test('has its model where it looks for it, and writes to no other place than /tmp and memory', () => {
    const server = serverOf(runtime);
    const [model] = server.volumeMounts ?? [];
    expect(model).toEqual({ name: 'model', mountPath: RUNTIMES[runtime].modelPath('churn'), readOnly: true });
    const writable = server.volumeMounts?.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath);
    expect(writable).toEqual(['/tmp', '/dev/shm']);
    expect(server.securityContext?.readOnlyRootFilesystem).toBe(true);
  });

  test('is scraped where its metrics are, and Prometheus may get there', () => {
    const objects = behind(runtime);
    const [endpoint] = at(ofKind(objects, 'PodMonitor')[0], 'spec', 'podMetricsEndpoints') as { port: string }[];
    const named = serverOf(runtime).ports?.find(({ name }) => name === endpoint?.port);
    expect(named?.containerPort).toBe(metricsPort(runtime));
    const rules = at(ofKind(objects, 'NetworkPolicy')[0], 'spec', 'ingress') as {
      from: object[];
      ports: { port: number }[];
    }[];
    const prometheus = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } };
    const open = rules.filter(({ from }) => from.some((peer) => JSON.stringify(peer) === JSON.stringify(prometheus)));
    expect(open.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([metricsPort(runtime)]);
  });

  test('has every guard measured or a reason why not', () => {
    const { latency, clientErrors } = RUNTIMES[runtime].metrics;
    expect(unmeasured(runtime, 'errorRatePercent')).toBeUndefined();
    expect(unmeasured(runtime, 'p50LatencyMs') === undefined).toBe(latency !== undefined);
    expect(unmeasured(runtime, 'p99LatencyMs') === undefined).toBe(latency !== undefined);
    expect(unmeasured(runtime, 'clientErrorRatePercent') === undefined).toBe(clientErrors !== undefined);
  });
});

test('TensorFlow Serving lets a request take as long as it may, and not the 30 s of its default', () => {
  expect(serverOf('tensorflow-serving').args).toContain('--rest_api_timeout_in_ms=60000');
});

describe('the configuration of a server', () => {
  test('is a ConfigMap that is mounted, and pods are replaced when it changes', () => {
    const config = configOf('tensorflow-serving');
    expect(at(config, 'data', 'monitoring.config')).toContain('enable: true');
    const pod = podOf('tensorflow-serving');
    expect(pod.spec?.volumes).toContainEqual({ name: 'config', configMap: { name: 'churn-server' } });
    expect(at(pod, 'metadata', 'annotations', 'mlops-stack/server-config')).toMatch(/^[0-9a-f]{8}$/);
    expect(serverOf('tensorflow-serving').args).toContain(
      '--monitoring_config_file=/etc/model-server/monitoring.config',
    );
  });

  test('follows from the model, so that a longer request is another configuration', () => {
    const hash = (longestRequestSeconds: number) => {
      const objects = behind('torchserve', {
        kubernetes: { runtime: 'torchserve', longestRequestSeconds },
      });
      return at(ofKind(objects, 'Deployment')[0], 'spec', 'template', 'metadata', 'annotations');
    };
    expect(hash(60)).toEqual(hash(60));
    expect(hash(60)).not.toEqual(hash(61));
  });

  test('is not there for a server that needs none', () => {
    expect(configOf('python')).toBeUndefined();
    expect(podOf('python').metadata).not.toHaveProperty('annotations');
  });
});

describe('what each server is told', () => {
  test('the Python servers: the framework, the name of the model, and the longest request', () => {
    for (const runtime of ['python', 'fastapi', 'flask', 'django'] as const) {
      expect(serverOf(runtime).env).toEqual([
        ...(runtime === 'python' ? [] : [{ name: 'MODEL_SERVER', value: runtime }]),
        { name: 'MODEL_SERVER_MODEL_NAME', value: 'churn' },
        { name: 'SAGEMAKER_PROGRAM', value: 'churn/serve.py' },
        { name: 'SAGEMAKER_MODEL_SERVER_WORKERS', value: '1' },
        { name: 'MODEL_SERVER_REQUEST_SECONDS', value: '60' },
        { name: 'MODEL_SERVER_DRAIN_SECONDS', value: '60' },
      ]);
    }
  });

  test('the ONNX server: a process for each core that it asks for, and no script of the workload', () => {
    const workers = (cpuMillis: number) => {
      const objects = behind('onnx', { kubernetes: { runtime: 'onnx', cpuMillis } });
      const env = at(ofKind(objects, 'Deployment')[0], 'spec', 'template', 'spec', 'containers', 0, 'env') as {
        name: string;
        value: string;
      }[];
      expect(env.map(({ name }) => name)).not.toContain('SAGEMAKER_PROGRAM');
      return env.find(({ name }) => name === 'SAGEMAKER_MODEL_SERVER_WORKERS')?.value;
    };
    expect([10, 999, 1000, 3999].map(workers)).toEqual(['1', '1', '1', '3']);
  });

  test('TorchServe lets nobody outside of the pod manage models', () => {
    const config = at(configOf('torchserve'), 'data', 'config.properties');
    expect(config).toContain('management_address=http://127.0.0.1:8081\n');
    expect(config).toContain('metrics_mode=prometheus\n');
    expect(serverOf('torchserve')).toMatchObject({ workingDir: '/tmp' });
    expect(serverOf('torchserve').args).toContain('--disable-token-auth');
  });

  test('Triton loads the one model, and finishes its requests when it ends', () => {
    expect(serverOf('triton').args).toEqual(
      expect.arrayContaining(['--load-model=churn', '--model-control-mode=explicit', '--exit-timeout-secs=60']),
    );
    expect(serverOf('triton')).not.toHaveProperty('env');
  });

  test('MLServer has one process, whose metrics are whole', () => {
    expect(serverOf('mlserver').env).toContainEqual({ name: 'MLSERVER_PARALLEL_WORKERS', value: '0' });
  });
});

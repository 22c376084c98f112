import type { EnvironmentInput } from '../../../../config/environment-spec';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import { kubernetesModel, type PlaneInput, plane } from '../kubernetes/smallest';
import { environment } from '../smallest';
import { eks, managed, nodeGroup } from './smallest';

type Capacity = ReturnType<typeof eks>['capacity'];

const models = defineModels({
  churn: kubernetesModel(),
  images: kubernetesModel({ kubernetes: { loadSeconds: 4, gpus: 1 } }),
  films: kubernetesModel({ kubernetes: { loadSeconds: 4, gpus: 4 } }),
});

function parse(capacity: Capacity, name: keyof typeof models = 'images', overrides: Partial<PlaneInput> = {}) {
  const dev: EnvironmentInput & { models: (keyof typeof models)[] } = {
    ...environment([name]),
    models: [name],
    planes: ['kubernetes'],
    kubernetes: plane({ releases: { [name]: {} }, ...overrides }),
    cluster: eks({ capacity }),
  };
  return () => defineEnvironments(models, { dev }).dev.cluster;
}

const withGpus = (...instanceTypes: string[]) =>
  managed({ groups: { gpus: nodeGroup({ amiType: 'BOTTLEROCKET_x86_64_NVIDIA', instanceTypes }) } });
const general = (group: Parameters<typeof nodeGroup>[0]) => managed({ groups: { general: nodeGroup(group) } });

describe('node groups of a model with GPUs', () => {
  test('have GPUs', () => {
    expect(parse(managed())).toThrow(
      'dev.cluster.capacity.groups: models with GPUs need nodes with them, got none for 1 of images; add a group with the amiType BOTTLEROCKET_x86_64_NVIDIA',
    );
    expect(parse(withGpus('g6.xlarge'))).not.toThrow();
    expect(parse(managed(), 'churn')).not.toThrow();
  });

  test('have as many in one node as a pod asks for', () => {
    expect(parse(withGpus('g6.xlarge', 'g5.8xlarge'), 'films')).toThrow(
      'dev.cluster.capacity.groups: the GPUs of a pod are those of one node, and the largest has 1, got 4 of films',
    );
    for (const type of ['g6.12xlarge', 'g4dn.metal', 'p5.48xlarge']) {
      expect(parse(withGpus('g6.xlarge', type), 'films')).not.toThrow();
    }
    expect(parse(withGpus('p9.48xlarge'), 'films')).not.toThrow();
  });

  test('have the driver, and nodes without a GPU have not', () => {
    expect(parse(general({ instanceTypes: ['g6.xlarge'] }), 'churn')).toThrow(
      'dev.cluster.capacity.groups.general.amiType: nobody can use the GPUs of g6.xlarge without their driver, got AL2023_x86_64_STANDARD; use BOTTLEROCKET_x86_64_NVIDIA',
    );
    expect(parse(general({ amiType: 'BOTTLEROCKET_x86_64_NVIDIA' }), 'churn')).toThrow(
      'general.amiType: m7i.xlarge has no GPU of NVIDIA, got BOTTLEROCKET_x86_64_NVIDIA; use one without NVIDIA',
    );
    expect(parse(withGpus('g4ad.xlarge'))).toThrow('g4ad.xlarge has no GPU of NVIDIA');
    expect(parse(general({ instanceTypes: ['gr6.4xlarge'] }), 'churn')).toThrow(
      'nobody can use the GPUs of gr6.4xlarge',
    );
  });
});

describe('the plugin that offers GPUs to pods', () => {
  const delivery = { kind: 'argo-cd', repository: 'https://git.example.com/a.git', path: 'dev' } as const;
  const amazonLinux = managed({
    groups: { gpus: nodeGroup({ amiType: 'AL2023_x86_64_NVIDIA', instanceTypes: ['g6.xlarge'] }) },
  });
  const needed = ['kube-prometheus-stack'] as const;
  const programs = { registry: 'registry.example.com', charts: {}, elsewhere: [...needed] };
  const chart = { 'nvidia-device-plugin': { version: '0.18.0' } };

  test('is asked for with Amazon Linux, which brings the driver only', () => {
    expect(parse(amazonLinux, 'images', { delivery, programs })).toThrow(
      'dev.kubernetes.programs.charts.nvidia-device-plugin: is needed by the manifests and a new cluster has none, got nothing; pin its chart, list it in programs.elsewhere, or use an amiType of Bottlerocket, which brings its own',
    );
    expect(parse(amazonLinux, 'images', { delivery, programs: { ...programs, charts: chart } })).not.toThrow();
    const elsewhere = [...needed, 'nvidia-device-plugin' as const];
    expect(parse(amazonLinux, 'images', { delivery, programs: { ...programs, elsewhere } })).not.toThrow();
  });

  test('is there with Bottlerocket, and nobody needs it without GPUs', () => {
    expect(parse(withGpus('g6.xlarge'), 'images', { delivery, programs })).not.toThrow();
    expect(parse(amazonLinux, 'churn', { delivery, programs })).not.toThrow();
  });
});

describe('Auto Mode', () => {
  const gpus = { instanceFamilies: ['g6'], maxGpus: 4 };

  test('has a pool with GPUs for a model with GPUs', () => {
    expect(parse({ kind: 'autoMode' })).toThrow(
      'dev.cluster.capacity.gpus: the pools of EKS have no instances with GPUs, got nothing for 1 of images; give instanceFamilies and maxGpus',
    );
    expect(parse({ kind: 'autoMode' }, 'churn')).not.toThrow();
    expect(parse({ kind: 'autoMode', gpus })()).toMatchObject({
      capacity: { gpus: { ...gpus, capacity: 'onDemand' } },
    });
  });

  test.each([
    [{ ...gpus, instanceFamilies: [] }, 'instanceFamilies: must be at least 1'],
    [{ ...gpus, instanceFamilies: ['m7i'] }, 'a family of instances with GPUs looks like g6 or p5'],
    [{ ...gpus, instanceFamilies: ['g6.xlarge'] }, 'a family of instances with GPUs looks like g6 or p5'],
    [{ ...gpus, instanceFamilies: ['g4ad'] }, 'takes families of x86 with GPUs of NVIDIA'],
    [{ ...gpus, instanceFamilies: ['g5g'] }, 'takes families of x86 with GPUs of NVIDIA'],
    [{ ...gpus, maxGpus: 0 }, 'maxGpus: must be at least 1, got 0'],
    [{ ...gpus, maxGpus: -1 }, 'maxGpus: must be at least 1, got -1'],
    [{ ...gpus, maxGpus: 1001 }, 'maxGpus: must be at most 1000, got 1001'],
    [{ ...gpus, maxGpus: Number.NaN }, 'maxGpus'],
  ])('refuses %j', (pool, message) => {
    expect(parse({ kind: 'autoMode', gpus: pool })).toThrow(message);
  });

  test.each([1, 1000])('takes %d GPUs at the most', (maxGpus) => {
    expect(parse({ kind: 'autoMode', gpus: { instanceFamilies: ['gr6', 'p4d'], maxGpus } })).not.toThrow();
  });
});

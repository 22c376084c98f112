import type { EnvironmentInput } from '../../../../config/environment-spec';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import { image, kubernetesModel, plane, release } from '../kubernetes/smallest';
import { environment } from '../smallest';
import { type ClusterInput, eks, managed, nodeGroup } from './smallest';

type Overrides = Partial<Omit<EnvironmentInput, 'models'>>;

const models = defineModels({
  churn: kubernetesModel(),
  images: kubernetesModel({ kubernetes: { loadSeconds: 4, gpus: 1 } }),
});

function dev(cluster: ClusterInput, overrides: Overrides = {}, name: 'churn' | 'images' = 'churn') {
  return environment([name], {
    planes: ['kubernetes'],
    kubernetes: plane({ releases: { [name]: {} } }),
    cluster,
    ...overrides,
  });
}

function parse(cluster: ClusterInput, overrides?: Overrides, name?: 'churn' | 'images') {
  return defineEnvironments(models, { dev: dev(cluster, overrides, name) }).dev.cluster;
}

const groups = (group: Parameters<typeof nodeGroup>[0]) =>
  eks({ capacity: managed({ groups: { general: nodeGroup(group) } }) });

describe('the cluster of an environment', () => {
  test('is nobody else’s business until it is written down', () => {
    expect(
      defineEnvironments(models, { dev: environment(['churn'], { planes: ['kubernetes'], kubernetes: plane() }) }).dev,
    ).not.toHaveProperty('cluster');
  });

  test('has the documented defaults', () => {
    expect(parse(eks())).toEqual({
      ...eks(),
      capacity: { kind: 'autoMode', nodePools: ['general-purpose', 'system'] },
      logRetentionDays: 90,
    });
    expect(parse({ kind: 'existing' })).toEqual({ kind: 'existing', podIdentity: false });
    expect(parse(eks({ capacity: managed() }))).toMatchObject({
      capacity: { groups: { general: { amiType: 'AL2023_x86_64_STANDARD', capacity: 'onDemand', diskGb: 50 } } },
    });
  });

  test.each([
    [['gpu-a1', 'gpu-a-1'], 'groups.gpu-a-1: becomes GpuA1, as gpu-a1 does, got gpu-a-1; rename one of the two'],
    [
      ['node-role'],
      'groups.node-role: becomes NodeRole, which the stack has for something else, got node-role; rename',
    ],
    [['addon-vpc-cni'], 'groups.addon-vpc-cni: becomes AddonVpcCni, which the stack has for something else'],
  ])('refuses the node groups %p, whose constructs would have one id', (names, message) => {
    const named = Object.fromEntries(names.map((name) => [name, nodeGroup()]));
    expect(() => parse(eks({ capacity: managed({ groups: named }) }))).toThrow(message);
  });

  test.each([
    ['a version nobody tried', eks({ version: '1.33' as never }), 'dev.cluster.version'],
    ['no administrator', eks({ adminRoleArns: [] }), 'dev.cluster.adminRoleArns: must be at least 1'],
    ['a user as administrator', eks({ adminRoleArns: ['arn:aws:iam::123456789012:user/a'] }), 'a role looks like'],
    ['a period that CloudWatch has not', eks({ logRetentionDays: 91 as never }), 'keeps logs for set periods only'],
    ['no node group', eks({ capacity: managed({ groups: {} }) }), 'pods need a node group to run on'],
    ['no instance type', groups({ instanceTypes: [] }), 'instanceTypes: must be at least 1'],
    ['a type of SageMaker', groups({ instanceTypes: ['ml.m5.large'] }), 'an EC2 instance type looks like m7i.xlarge'],
    ['a small disk', groups({ diskGb: 19 }), 'diskGb: must be at least 20, got 19'],
    ['a disk of no size', groups({ diskGb: Number.NaN }), 'diskGb'],
    ['no nodes at all', groups({ nodes: { min: 0, max: 0 } }), 'nodes.max: must be at least 1, got 0'],
    ['fewer nodes than none', groups({ nodes: { min: -1, max: 2 } }), 'nodes.min: must be at least 0, got -1'],
    ['bounds in disorder', groups({ nodes: { min: 3, max: 2 } }), 'min must not exceed max, got 3 and 2'],
    ['ARM with an x86 image', groups({ instanceTypes: ['m7g.large'] }), 'm7g.large is ARM, got the amiType AL2023_x86'],
    [
      'x86 with an ARM image',
      groups({ amiType: 'BOTTLEROCKET_ARM_64', instanceTypes: ['g5.xlarge'] }),
      'g5.xlarge is x86, got the amiType BOTTLEROCKET_ARM_64; use an amiType for x86_64',
    ],
  ])('refuses %s', (_, cluster, message) => {
    expect(() => parse(cluster)).toThrow(message);
  });

  test.each([
    groups({ diskGb: 20 }),
    groups({ nodes: { min: 0, max: 1 } }),
    groups({ nodes: { min: 2, max: 2 } }),
    groups({ amiType: 'AL2023_ARM_64_STANDARD', instanceTypes: ['m7g.large', 'c7gn.xlarge', 'r8gd.2xlarge'] }),
    groups({ instanceTypes: ['c6id.xlarge', 'm7i.metal-24xl', 'u-6tb1.56xlarge'.replace('u-6tb1', 'x1')] }),
    eks({ logRetentionDays: 731 }),
  ])('takes the nearest legal neighbour %#', (cluster) => {
    expect(() => parse(cluster)).not.toThrow();
  });

  test.each(['latest', 'v1.20.4', 'v1.20.4-eksbuild', '1.20.4-eksbuild.1', ''])(
    'pins add-ons to a build, which %p is not',
    (version) => {
      const addons = { ...managed().addons, 'vpc-cni': version };
      expect(() => parse(eks({ capacity: managed({ addons }) }))).toThrow(
        'dev.cluster.capacity.addons.vpc-cni: an add-on is pinned to one build, as in v1.2.3-eksbuild.4, got ' +
          `${JSON.stringify(version)}; choose one that aws eks describe-addon-versions`,
      );
      expect(() => parse(eks({ metricsServer: version }))).toThrow('dev.cluster.metricsServer: an add-on is pinned');
    },
  );

  const proxy = (minor: string) => {
    const addons = { ...managed().addons, 'kube-proxy': `v${minor}.0-eksbuild.1` };
    return () => parse(eks({ capacity: managed({ addons }) }));
  };

  test.each(['1.35', '1.34', '1.32'])('lets kube-proxy be of %s beside 1.35', (minor) => {
    expect(proxy(minor)).not.toThrow();
  });

  test.each(['1.36', '1.31'])('lets kube-proxy not be of %s beside 1.35', (minor) => {
    expect(proxy(minor)).toThrow('addons.kube-proxy: must be at most');
  });

  test('needs two zones', () => {
    expect(() => parse(eks(), { network: { availabilityZones: 1 } })).toThrow(
      'dev.network.availabilityZones: EKS takes subnets of two zones or more, got 1; raise it to 2',
    );
    expect(() => parse(eks(), { network: { availabilityZones: 2 } })).not.toThrow();
    expect(() => parse({ kind: 'existing', podIdentity: true }, { network: { availabilityZones: 1 } })).not.toThrow();
  });

  test('says where the images of add-ons are in a region with an account of its own', () => {
    expect(() => parse(eks(), { region: 'af-south-1' })).toThrow(
      "dev.cluster.addonImageAccount: the images of add-ons are in an account of this region's own, got nothing for af-south-1; look it up",
    );
    expect(() => parse(eks({ addonImageAccount: '877085696533' }), { region: 'af-south-1' })).not.toThrow();
    expect(() => parse(eks({ addonImageAccount: '1' }))).toThrow('an AWS account is 12 digits');
  });

  test('comes with the plane, and not on a laptop', () => {
    expect(() => parse(eks(), { planes: ['sagemaker'], kubernetes: undefined })).toThrow(
      'dev.cluster: is for the plane kubernetes, got no such plane',
    );
    expect(() => parse(eks(), { emulated: true })).toThrow('dev.cluster: the local AWS knows no EKS, got eks');
    expect(() => parse({ kind: 'existing', podIdentity: true }, { emulated: true })).toThrow('got podIdentity');
    expect(() => parse({ kind: 'existing' }, { emulated: true })).not.toThrow();
  });

  test('is of 1.35 or newer where a release is an image', () => {
    const kubernetes = plane({ releases: { churn: { stable: release() } } });
    expect(() => parse(eks({ version: '1.34' }), { kubernetes })).toThrow(
      'dev.cluster.version: mounts images as volumes from 1.35 on, got 1.34 and the artefact of churn',
    );
    expect(() => parse(eks({ version: '1.35' }), { kubernetes })).not.toThrow();
    const artefact = { kind: 'download' as const, url: 's3://models/churn/1/model.tar.gz', sha256: 'a'.repeat(64) };
    const downloading = plane({
      releases: { churn: { stable: { ...release(), artefact } } },
      download: { image: image('fetch'), cidrs: ['0.0.0.0/0'] },
    });
    expect(() => parse(eks({ version: '1.34' }), { kubernetes: downloading })).not.toThrow();
  });

  const behindAlb = (alb: object, cluster: ClusterInput = eks()) => {
    const traffic = { kind: 'alb' as const, domain: 'models.example.com', cidrs: ['10.0.0.0/16'], ...alb };
    return () => parse(cluster, { kubernetes: plane({ engine: { kind: 'argo-rollouts', traffic } }) });
  };
  const certificateArn = 'arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-1111';

  test('says which certificate its load balancers have, of its region', () => {
    expect(behindAlb({ certificateArn })).not.toThrow();
    expect(behindAlb({})).toThrow(
      'dev.kubernetes.engine.traffic.certificateArn: only HTTPS is served, and nothing in the VPC reaches ACM to look a certificate up, got nothing; request one',
    );
    expect(behindAlb({ certificateArn: certificateArn.replace('eu-west-1', 'us-east-1') })).toThrow(
      'dev.kubernetes.engine.traffic.certificateArn: a load balancer takes certificates of its own region only, got one of us-east-1 in eu-west-1',
    );
    expect(behindAlb({ certificateArn: 'arn:aws:iam::111111111111:server-certificate/a' })).toThrow(
      'a certificate looks like arn:aws:acm',
    );
  });

  test('has no way to the internet for them, and an existing one may have one and look for certificates', () => {
    const scheme = 'internet-facing';
    expect(behindAlb({ certificateArn, scheme })).toThrow(
      'dev.kubernetes.engine.traffic.scheme: the VPC of a cluster of the stack has no way to the internet, got internet-facing',
    );
    expect(behindAlb({ scheme }, { kind: 'existing' })).not.toThrow();
  });

  test('has a name that no other cluster of the account and region has', () => {
    const both = (other: Overrides) => defineEnvironments(models, { dev: dev(eks()), stage: dev(eks(), { ...other }) });
    expect(() => both({ kubernetes: plane({ namespace: 'other' }) })).toThrow(
      "stage.kubernetes.cluster: two clusters of an account and region can't have one name, got main of dev and of stage",
    );
    expect(() => both({ region: 'eu-central-1', kubernetes: plane({ namespace: 'other' }) })).not.toThrow();
    expect(() => both({ kubernetes: plane({ cluster: 'second' }) })).not.toThrow();
    expect(() => both({ cluster: { kind: 'existing' }, kubernetes: plane({ namespace: 'other' }) })).not.toThrow();
  });

  test('is told of every mistake at once', () => {
    expect(() =>
      parse(groups({ nodes: { min: 3, max: 2 }, instanceTypes: ['m7g.large'] }), { emulated: true }),
    ).toThrow('3 problems');
  });
});

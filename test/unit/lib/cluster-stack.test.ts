import { Match, Template } from 'aws-cdk-lib/assertions';
import { TAKEN_GROUPS } from '../../../config/cluster/node-group';
import { ModelIdentity } from '../../../constructs/cluster/model-identity';
import { SourceRegistry } from '../../../constructs/registry/source-registry';
import { type ClusterInput, eks, managed, nodeGroup } from '../config/cluster/smallest';
import { plane } from '../config/kubernetes/smallest';
import { allows, type PolicyStatement, policyOf, resolve } from '../constructs/iam-simulation';
import { lake, stack } from '../constructs/smallest';
import { BEHIND_ALB, CLUSTERS, clusterStacks, clusterStage } from './clusters';
import { resourcesOf, templatesOf } from './platform';

const autoMode = clusterStacks(CLUSTERS['Auto Mode']).cluster;
const withGroups = clusterStacks(CLUSTERS['managed node groups']).cluster;
const existing = clusterStacks(CLUSTERS['existing, with Pod Identity']).cluster;

/** Statements of the inline policies of one role. */
function statementsOfRole(template: Template, roleId: string): readonly PolicyStatement[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify((Properties as { Roles: unknown }).Roles).includes(roleId))
    .flatMap(({ Properties }) => resolve(Properties.PolicyDocument.Statement) as PolicyStatement[]);
}

function idsOf(template: Template, type: string): string[] {
  return Object.keys(template.findResources(type));
}

describe('the stack of a cluster', () => {
  test('is there where a cluster is made or pods get roles, and nowhere else', () => {
    const has = (cluster: ClusterInput) => clusterStage(cluster).node.tryFindChild('Cluster') !== undefined;
    expect(has(eks())).toBe(true);
    expect(has({ kind: 'existing', podIdentity: true })).toBe(true);
    expect(has({ kind: 'existing' })).toBe(false);
  });

  test('is protected where the environment keeps its data', () => {
    const protectedBy = (removal: 'retain' | 'destroy') =>
      clusterStacks(eks(), { removal }).stack.terminationProtection;
    expect(protectedBy('retain')).toBe(true);
    expect(protectedBy('destroy')).toBe(false);
  });

  test('changes no other environment, whatever this one has', () => {
    const without = templatesOf(clusterStage({ kind: 'existing' }));
    const none = templatesOf(clusterStage({ kind: 'existing' }, { cluster: undefined }));
    const json = (templates: Readonly<Record<string, Template>>) =>
      Object.entries(templates).map(([id, template]) => [id, template.toJSON()]);
    expect(json(without)).toEqual(json(none));
  });

  test('needs no function and no custom resource', () => {
    for (const template of [autoMode, withGroups, existing]) {
      const types = Object.values(resourcesOf(template)).map(({ Type }) => Type);
      expect(types.filter((type) => type.startsWith('Custom::') || type === 'AWS::Lambda::Function')).toEqual([]);
    }
  });
});

describe('a cluster of our own', () => {
  test('has no construct beside its node groups whose id a node group could get', () => {
    const { stack } = clusterStacks(CLUSTERS['managed node groups']);
    const ids = stack.node.findChild('Capacity').node.children.map(({ node }) => node.id);
    expect(ids.sort()).toEqual(['General', 'SpotGpus', ...TAKEN_GROUPS].sort());
  });

  test.each([
    ['Auto Mode', autoMode],
    ['managed node groups', withGroups],
  ])('on %s is reached from its VPC only, and logs everything', (_, template) => {
    template.hasResourceProperties('AWS::EKS::Cluster', {
      Name: 'main',
      Version: '1.35',
      AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
      BootstrapSelfManagedAddons: false,
      ResourcesVpcConfig: Match.objectLike({ EndpointPrivateAccess: true, EndpointPublicAccess: false }),
      EncryptionConfig: [{ Provider: { KeyArn: Match.anyValue() }, Resources: ['secrets'] }],
      Logging: {
        ClusterLogging: {
          EnabledTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'].map((Type) => ({ Type })),
        },
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/eks/main/cluster',
      KmsKeyId: Match.anyValue(),
      RetentionInDays: 90,
    });
  });

  test('has its log group before itself', () => {
    const [logs = ''] = idsOf(autoMode, 'AWS::Logs::LogGroup');
    autoMode.hasResource('AWS::EKS::Cluster', { DependsOn: Match.arrayWith([logs]) });
  });

  test.each([
    // A creation that fails takes back what it made: a name that is left would stop the next one.
    ['retain', 'RetainExceptOnCreate'],
    ['destroy', 'Delete'],
  ] as const)('leaves its key and logs as removal %s says', (removal, DeletionPolicy) => {
    const template = clusterStacks(eks(), { removal }).cluster;
    template.allResources('AWS::KMS::Key', { DeletionPolicy });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy });
  });

  test('keeps logs for as long as the environment says', () => {
    clusterStacks(eks({ logRetentionDays: 365 })).cluster.hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 365,
    });
  });

  test('lets four personas and the administrators in, each as far as their task goes', () => {
    const entries = Object.entries(autoMode.findResources('AWS::EKS::AccessEntry')).map(([id, { Properties }]) => [
      id.replace(/^Access|[0-9A-F]{8}$/g, ''),
      (Properties.AccessPolicies as { PolicyArn: unknown; AccessScope: { Type: string; Namespaces?: string[] } }[]).map(
        ({ PolicyArn, AccessScope }) =>
          `${/AmazonEKS\w+/.exec(JSON.stringify(PolicyArn))?.[0]} in ${AccessScope.Namespaces?.join() ?? AccessScope.Type}`,
      ),
    ]);
    expect(Object.fromEntries(entries)).toEqual({
      DataScientist: ['AmazonEKSViewPolicy in test'],
      MlEngineer: ['AmazonEKSEditPolicy in test'],
      Approver: ['AmazonEKSViewPolicy in test'],
      Operator: ['AmazonEKSAdminPolicy in test', 'AmazonEKSViewPolicy in cluster'],
      Admin0: ['AmazonEKSClusterAdminPolicy in cluster'],
    });
  });

  test('puts the personas into the groups that the manifests give rules, and administrators into none', () => {
    const groups = Object.entries(autoMode.findResources('AWS::EKS::AccessEntry')).map(([id, { Properties }]) => [
      id.replace(/^Access|[0-9A-F]{8}$/g, ''),
      Properties.KubernetesGroups as unknown,
    ]);
    expect(Object.fromEntries(groups)).toEqual({
      DataScientist: ['mlops:test:readers'],
      MlEngineer: ['mlops:test:readers'],
      Approver: ['mlops:test:readers'],
      Operator: ['mlops:test:operators'],
      Admin0: undefined,
    });
  });

  test('puts the roles of control plane and nodes under a boundary of their own, and those of pods not', () => {
    const [boundary] = idsOf(withGroups, 'AWS::IAM::ManagedPolicy');
    const under = Object.entries(withGroups.findResources('AWS::IAM::Role'))
      .filter(([, { Properties }]) => (Properties.PermissionsBoundary as { Ref?: string }).Ref === boundary)
      .map(([id]) => id);
    expect(under.map((id) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual(['CapacityNodeRole', 'EksRole']);
  });
});

describe('Auto Mode', () => {
  test('has its pools, its disks and its load balancers on', () => {
    autoMode.hasResourceProperties('AWS::EKS::Cluster', {
      ComputeConfig: { Enabled: true, NodePools: ['general-purpose', 'system'], NodeRoleArn: Match.anyValue() },
      StorageConfig: { BlockStorage: { Enabled: true } },
      KubernetesNetworkConfig: Match.objectLike({ ElasticLoadBalancing: { Enabled: true } }),
    });
    const trust = JSON.stringify(autoMode.findResources('AWS::IAM::Role'));
    expect(trust).toContain(
      '"Action":["sts:AssumeRole","sts:TagSession"],"Effect":"Allow","Principal":{"Service":"eks',
    );
  });

  test('brings network, DNS and Pod Identity along, and needs the metrics server only', () => {
    autoMode.resourceCountIs('AWS::EKS::Addon', 1);
    autoMode.hasResourceProperties('AWS::EKS::Addon', {
      AddonName: 'metrics-server',
      AddonVersion: 'v0.8.0-eksbuild.2',
      ResolveConflicts: 'OVERWRITE',
    });
    autoMode.resourceCountIs('AWS::EKS::Nodegroup', 0);
  });
});

describe('managed node groups', () => {
  test('are as the environment describes them', () => {
    withGroups.hasResourceProperties('AWS::EKS::Nodegroup', {
      InstanceTypes: ['m7i.xlarge'],
      AmiType: 'AL2023_x86_64_STANDARD',
      CapacityType: 'ON_DEMAND',
      ScalingConfig: { MinSize: 2, MaxSize: 6, DesiredSize: 2 },
      UpdateConfig: { MaxUnavailable: 1 },
      NodeRepairConfig: { Enabled: true },
    });
    withGroups.hasResourceProperties('AWS::EKS::Nodegroup', {
      InstanceTypes: ['g6.xlarge', 'g5.xlarge'],
      AmiType: 'BOTTLEROCKET_x86_64_NVIDIA',
      CapacityType: 'SPOT',
      ScalingConfig: { MinSize: 0, MaxSize: 4, DesiredSize: 0 },
    });
  });

  test('have disks under the key of data, and metadata that pods can’t reach', () => {
    withGroups.allResourcesProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } },
    });
    const disks = Object.values(withGroups.findResources('AWS::EC2::LaunchTemplate')).flatMap(
      ({ Properties }) =>
        Properties.LaunchTemplateData.BlockDeviceMappings as {
          DeviceName: string;
          Ebs: Record<string, unknown> & { VolumeSize?: number };
        }[],
    );
    for (const { Ebs } of disks) expect(Ebs).toMatchObject({ Encrypted: true, VolumeType: 'gp3' });
    expect(disks.map(({ Ebs }) => JSON.stringify(Ebs['KmsKeyId']).includes('KeysData'))).toEqual([true, true, true]);
    expect(disks.map(({ DeviceName, Ebs }) => `${DeviceName} ${Ebs.VolumeSize ?? 'as its image'}`)).toEqual([
      '/dev/xvda 50',
      '/dev/xvda as its image',
      '/dev/xvdb 120',
    ]);
  });

  test('bear the label by which the device plugin finds GPUs, where they have any', () => {
    const labels = Object.values(withGroups.findResources('AWS::EKS::Nodegroup')).map(({ Properties }) => [
      Properties.AmiType as string,
      Properties.Labels as unknown,
    ]);
    expect(Object.fromEntries(labels)).toEqual({
      AL2023_x86_64_STANDARD: undefined,
      BOTTLEROCKET_x86_64_NVIDIA: { 'nvidia.com/gpu.present': 'true' },
    });
  });

  test('start when there is a network for them, and are there for what runs on them', () => {
    const addons = Object.fromEntries(
      Object.entries(withGroups.findResources('AWS::EKS::Addon')).map(([id, { Properties, DependsOn }]) => [
        Properties.AddonName as string,
        { id, version: Properties.AddonVersion as string, after: (DependsOn ?? []) as string[] },
      ]),
    );
    expect(Object.fromEntries(Object.entries(addons).map(([name, { version }]) => [name, version]))).toEqual({
      coredns: 'v1.12.4-eksbuild.1',
      'eks-pod-identity-agent': 'v1.3.9-eksbuild.3',
      'kube-proxy': 'v1.35.0-eksbuild.2',
      'metrics-server': 'v0.8.0-eksbuild.2',
      'vpc-cni': 'v1.20.4-eksbuild.1',
    });
    const groups = idsOf(withGroups, 'AWS::EKS::Nodegroup');
    const onNodes = ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent'].map((name) => addons[name]?.id);
    for (const { DependsOn } of Object.values(withGroups.findResources('AWS::EKS::Nodegroup'))) {
      expect(DependsOn).toEqual(expect.arrayContaining(onNodes));
    }
    for (const name of ['coredns', 'metrics-server']) {
      expect(addons[name]?.after).toEqual(expect.arrayContaining(groups));
    }
  });

  test('enforce network policies, by an identity that nothing else has', () => {
    withGroups.hasResourceProperties('AWS::EKS::Addon', {
      AddonName: 'vpc-cni',
      ConfigurationValues: '{"enableNetworkPolicy":"true"}',
      PodIdentityAssociations: [{ ServiceAccount: 'aws-node', RoleArn: Match.anyValue() }],
    });
    const nodes = JSON.stringify(
      Object.entries(withGroups.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('CapacityNodeRole')),
    );
    expect(nodes).toContain('AmazonEKSWorkerNodePolicy');
    expect(nodes).not.toContain('AmazonEKS_CNI_Policy');
  });

  test('keep their construct ids when another one joins', () => {
    const more = managed({ groups: { general: nodeGroup(), more: nodeGroup() } });
    const ids = (template: Template) => idsOf(template, 'AWS::EKS::Nodegroup');
    const one = clusterStacks(eks({ capacity: managed() })).cluster;
    const two = clusterStacks(eks({ capacity: more })).cluster;
    expect(ids(two)).toEqual(expect.arrayContaining(ids(one)));
  });
});

describe('the pods of a model', () => {
  const of = (template: Template, model: string) => {
    const id = idsOf(template, 'AWS::IAM::Role').find((role) => role.startsWith(`Identity${model}`)) ?? '';
    return statementsOfRole(template, id);
  };
  const bucket = /^arn:aws:s3:::[^/]*|^<[^>]+>/;

  test.each([
    ['a cluster of our own', autoMode],
    ['an existing one', existing],
  ])('are told from others by cluster, namespace and service account, in %s', (_, template) => {
    for (const model of ['churn', 'basket']) {
      template.hasResourceProperties('AWS::EKS::PodIdentityAssociation', {
        ClusterName: 'main',
        Namespace: 'test',
        ServiceAccount: model,
      });
      template.hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Action: ['sts:AssumeRole', 'sts:TagSession'],
              Effect: 'Allow',
              Principal: { Service: 'pods.eks.amazonaws.com' },
              Condition: {
                StringEquals: {
                  'aws:SourceAccount': '111111111111',
                  'aws:RequestTag/eks-cluster-name': 'main',
                  'aws:RequestTag/kubernetes-namespace': 'test',
                  'aws:RequestTag/kubernetes-service-account': model,
                },
              },
            },
          ],
        },
      });
    }
  });

  test('may read their model and nothing else', () => {
    const statements = of(existing, 'churn');
    const models = statements
      .flatMap(({ Resource }) => Resource)
      .find((resource) => resource.endsWith('/churn/*'))
      ?.replace('/churn/*', '');
    expect(models).toMatch(bucket);
    expect(allows(statements, 's3:GetObject', `${models}/churn/7/model.tar.gz`)).toBe(true);
    expect(allows(statements, 's3:GetObject', `${models}/basket/7/model.tar.gz`)).toBe(false);
    expect(allows(statements, 's3:GetObject', `${models}/churn-2/7/model.tar.gz`)).toBe(false);
    expect(allows(statements, 's3:GetObject', '<capture>/churn/x')).toBe(false);
    expect([...new Set(statements.flatMap(({ Action }) => Action))].sort()).toEqual([
      'kms:Decrypt',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:ListBucket',
    ]);
  });

  test('have their permissions before their association', () => {
    const associations = Object.values(existing.findResources('AWS::EKS::PodIdentityAssociation'));
    expect(associations).toHaveLength(2);
    for (const { DependsOn } of associations) expect(JSON.stringify(DependsOn)).toMatch(/Identity\w+RoleDefaultPolicy/);
  });

  test('read from the registry that their releases come from, by a role that the other account knows', () => {
    const scope = stack();
    const consumer = { environmentName: 'test', account: '111111111111' };
    const source = new SourceRegistry({ environmentName: 'dev', account: '222222222222', consumer });
    const common = { clusterName: 'main', namespace: 'test', serviceAccount: 'churn', modelName: 'churn' };
    new ModelIdentity(scope, 'Identity', { ...common, lake: lake(scope), source });
    const template = Template.fromStack(scope);
    template.hasResourceProperties('AWS::IAM::Role', { Path: source.rolePath });
    const statements = policyOf(template, 'Identity');
    const context = { 'aws:ResourceAccount': '222222222222' };
    const object = 'arn:aws:s3:::dev-models/churn/7/model.tar.gz';
    expect(allows(statements, 's3:GetObject', object, context)).toBe(true);
    expect(allows(statements, 's3:GetObject', object, { 'aws:ResourceAccount': '111111111111' })).toBe(false);
    expect(allows(statements, 's3:GetObject', object.replace('churn', 'basket'), context)).toBe(false);
  });

  test('have no role where nothing is downloaded', () => {
    const kubernetes = plane({ releases: { churn: {}, basket: {} } });
    const template = clusterStacks(eks(), { kubernetes }).cluster;
    template.resourceCountIs('AWS::EKS::PodIdentityAssociation', 0);
  });
});

describe('the controller of load balancers', () => {
  const template = clusterStacks(eks(), BEHIND_ALB).cluster;
  const statements = statementsOfRole(template, 'LoadBalancersRole');
  const balancer = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/k8s-churn/1a2b';
  const group = 'arn:aws:ec2:eu-west-1:111111111111:security-group/sg-1';
  const named = (cluster: string, by = 'Resource') => ({ [`aws:${by}Tag/elbv2.k8s.aws/cluster`]: cluster });

  test('is told from other pods by cluster, namespace and service account', () => {
    template.hasResourceProperties('AWS::EKS::PodIdentityAssociation', {
      ClusterName: Match.anyValue(),
      Namespace: 'kube-system',
      ServiceAccount: 'aws-load-balancer-controller',
    });
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).toContain(
      '"aws:RequestTag/kubernetes-service-account":"aws-load-balancer-controller"',
    );
  });

  test('makes load balancers with the name of its cluster, and no others', () => {
    const may = (cluster: string, resource = balancer) =>
      allows(statements, 'elasticloadbalancing:CreateLoadBalancer', resource, named(cluster, 'Request'));
    expect(may('main')).toBe(true);
    expect(may('other')).toBe(false);
    expect(may('main', balancer.replace('/app/', '/net/'))).toBe(false);
    expect(may('main', balancer.replace('eu-west-1', 'eu-central-1'))).toBe(false);
  });

  test.each([
    ['elasticloadbalancing:DeleteLoadBalancer', balancer],
    ['elasticloadbalancing:SetSecurityGroups', balancer],
    ['elasticloadbalancing:RegisterTargets', balancer.replace('loadbalancer/app', 'targetgroup')],
    ['ec2:DeleteSecurityGroup', group],
    ['ec2:AuthorizeSecurityGroupIngress', group],
  ])('may call %s for what its cluster made, and for nothing of another', (action, resource) => {
    expect(allows(statements, action, resource, named('main'))).toBe(true);
    expect(allows(statements, action, resource, named('other'))).toBe(false);
    expect(allows(statements, action, resource)).toBe(false);
  });

  test('lets load balancers in at the nodes of its cluster only', () => {
    const nodes = (cluster: string) => ({ [`aws:ResourceTag/kubernetes.io/cluster/${cluster}`]: 'owned' });
    expect(allows(statements, 'ec2:AuthorizeSecurityGroupIngress', group, nodes('main'))).toBe(true);
    expect(allows(statements, 'ec2:AuthorizeSecurityGroupIngress', group, nodes('other'))).toBe(false);
    expect(allows(statements, 'ec2:DeleteSecurityGroup', group, nodes('main'))).toBe(false);
  });

  test.each(['acm:ListCertificates', 'wafv2:AssociateWebACL', 'shield:CreateProtection', 'iam:PassRole'])(
    'has no use for %s',
    (action) => expect(allows(statements, action, '*')).toBe(false),
  );

  test('is under the boundary of the cluster: that of the environment lets nobody make load balancers', () => {
    const [boundary] = idsOf(template, 'AWS::IAM::ManagedPolicy');
    const [role] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('LoadBal'));
    expect(role?.[1].Properties.PermissionsBoundary).toEqual({ Ref: boundary });
  });

  test('has no role where there is no such load balancer, and where somebody else looks after it', () => {
    const withAlb = BEHIND_ALB.kubernetes ?? plane();
    const elsewhere = {
      registry: 'registry.example.com',
      charts: {},
      elsewhere: ['aws-load-balancer-controller'],
    } as const;
    const delivery = { kind: 'argo-cd', repository: 'https://git.example.com/a.git', path: 'dev' } as const;
    const needed = ['argo-rollouts', 'kube-prometheus-stack', ...elsewhere.elsewhere] as const;
    const programs = { ...elsewhere, elsewhere: [...needed] };
    for (const stacks of [
      clusterStacks(eks()),
      clusterStacks(eks(), { kubernetes: { ...withAlb, delivery, programs } }),
    ]) {
      expect(idsOf(stacks.cluster, 'AWS::IAM::Role').filter((id) => id.startsWith('LoadBal'))).toEqual([]);
    }
  });
});

describe('the network of a cluster', () => {
  const network = clusterStacks(eks()).network;

  test('has an endpoint for each service that nodes call', () => {
    const names = Object.values(network.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) =>
      String(Properties.ServiceName).replace('com.amazonaws.eu-west-1.', ''),
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'ec2',
        'eks',
        'eks-auth',
        'elasticloadbalancing',
        'autoscaling',
        'ecr.api',
        'ecr.dkr',
        'sts',
        'logs',
      ]),
    );
    expect(names).not.toContain('lambda');
  });

  test('lets nodes pull the images of add-ons, which are another account’s', () => {
    const ecr = Object.values(network.findResources('AWS::EC2::VPCEndpoint')).filter(({ Properties }) =>
      String(Properties.ServiceName).includes('.ecr.'),
    );
    expect(ecr).toHaveLength(2);
    for (const { Properties } of ecr) {
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Sid: 'AddonImages',
          Resource: 'arn:aws:ecr:eu-west-1:602401143452:repository/*',
          Condition: { StringEquals: { 'aws:PrincipalAccount': '111111111111' } },
        }),
      );
    }
    const elsewhere = clusterStacks(eks({ addonImageAccount: '877085696533' }), { region: 'af-south-1' }).network;
    expect(JSON.stringify(elsewhere.toJSON())).toContain('arn:aws:ecr:af-south-1:877085696533:repository/*');
  });

  test('tells load balancers where to be', () => {
    network.allResourcesProperties('AWS::EC2::Subnet', {
      Tags: Match.arrayWith([{ Key: 'kubernetes.io/role/internal-elb', Value: '1' }]),
    });
  });

  test('is as it was where no cluster is made', () => {
    expect(clusterStacks(CLUSTERS['existing, with Pod Identity']).network.toJSON()).toEqual(
      clusterStacks({ kind: 'existing' }).network.toJSON(),
    );
  });
});

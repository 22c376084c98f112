import { Match } from 'aws-cdk-lib/assertions';
import { download, eks } from '../config/cluster/smallest';
import { APPLIED, clusterStacks } from './clusters';

const stacks = clusterStacks(eks(), APPLIED);
const { cluster, network } = stacks;

const KIND = { manifest: 'Custom::AWSCDK-EKS-KubernetesResource', chart: 'Custom::AWSCDK-EKS-HelmChart' } as const;

interface Applied {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly after: readonly string[];
}

function applied(kind: keyof typeof KIND): readonly Applied[] {
  return Object.entries(cluster.findResources(KIND[kind])).map(([id, { Properties, DependsOn = [] }]) => ({
    id,
    properties: Properties as Applied['properties'],
    after: DependsOn as string[],
  }));
}

/** Objects of a resource: the manifest is JSON, or a template that makes JSON. */
function objectsOf({ properties }: Applied): readonly { kind: string; metadata: { name: string } }[] {
  return JSON.parse(properties.Manifest as string) as { kind: string; metadata: { name: string } }[];
}

describe('manifests that CloudFormation applies', () => {
  test('are what all models share, and one resource a model with a release', () => {
    const kinds = applied('manifest').map((resource) => [
      resource.id.replace(/^AppliedObjects|[0-9A-F]{8}$/g, ''),
      objectsOf(resource).map(({ kind }) => kind),
    ]);
    expect(Object.fromEntries(kinds)).toMatchObject({
      platform: expect.arrayContaining(['Namespace', 'NetworkPolicy', 'ConfigMap', 'Role', 'ClusterRole']) as string[],
      churn: expect.arrayContaining(['ServiceAccount', 'Rollout', 'Service', 'PodMonitor']) as string[],
    });
    expect(kinds).toHaveLength(2);
  });

  test('say literally what is released: nothing in them is left for CloudFormation to fill in', () => {
    for (const { properties } of applied('manifest')) expect(typeof properties.Manifest).toBe('string');
    expect(JSON.stringify(applied('manifest'))).toContain(`@sha256:${'a'.repeat(64)}`);
  });

  test('come after their programs, and models after what they share', () => {
    const [first, second] = applied('chart');
    const [shared, model] = applied('manifest');
    expect(second?.after).toEqual(expect.arrayContaining([first?.id]));
    expect(shared?.after).toEqual(expect.arrayContaining([second?.id]));
    expect(model?.after).toEqual(expect.arrayContaining([shared?.id]));
  });

  test('come after the metrics server, and so after the nodes', () => {
    const [addon] = Object.keys(cluster.findResources('AWS::EKS::Addon'));
    for (const { after } of [...applied('chart'), ...applied('manifest')]) expect(after).toContain(addon);
  });

  test('come after the identities of the models: a pod that was made before has no credentials', () => {
    const template = clusterStacks(eks(), {
      kubernetes: { ...(APPLIED.kubernetes as NonNullable<typeof APPLIED.kubernetes>), download },
    }).cluster;
    const identities = Object.keys(template.findResources('AWS::EKS::PodIdentityAssociation'));
    expect(identities).toHaveLength(2);
    for (const { DependsOn } of Object.values(template.findResources(KIND.manifest)))
      expect(DependsOn).toEqual(expect.arrayContaining(identities));
  });

  test('have charts at their versions, from the registry, in their namespaces', () => {
    expect(applied('chart').map(({ properties }) => properties)).toMatchObject([
      {
        Chart: 'argo-rollouts',
        Repository: 'oci://111111111111.dkr.ecr.eu-west-1.amazonaws.com/charts/argo-rollouts',
        Version: '2.40.5',
        Namespace: 'argo-rollouts',
        Release: 'argo-rollouts',
        CreateNamespace: true,
        Wait: true,
      },
      { Chart: 'kube-prometheus-stack', Version: '80.4.1', Namespace: 'monitoring' },
    ]);
    expect(JSON.stringify(applied('chart')[1])).toContain('podMonitorSelectorNilUsesHelmValues');
  });

  test('are applied from inside the VPC, by an administrator that nobody else is', () => {
    cluster.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      VpcConfig: { SubnetIds: Match.anyValue(), SecurityGroupIds: Match.anyValue() },
    });
    const admins = Object.keys(cluster.findResources('AWS::EKS::AccessEntry')).filter((id) => id.includes('Admin'));
    expect(admins).toHaveLength(2);
  });

  test('are applied by a function that its boundary lets ask EKS, and call nobody', () => {
    const roles = Object.entries(cluster.findResources('AWS::IAM::Role'));
    const role = roles.find(([id]) => id.includes('KubectlProviderHandlerServiceRole'))?.[1].Properties;
    const id = (role?.PermissionsBoundary as { Ref: string } | undefined)?.Ref ?? '';
    const boundary = cluster.findResources('AWS::IAM::ManagedPolicy')[id];
    const actions = JSON.stringify(boundary?.Properties.PolicyDocument);
    expect(actions).toContain('"eks:*"');
    expect(actions).not.toContain('"lambda:*"');
    expect(JSON.stringify(role)).not.toContain('Public');
  });

  test('reach CloudFormation from there', () => {
    network.hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-west-1.lambda' });
    const [s3] = Object.values(network.findResources('AWS::EC2::VPCEndpoint')).filter(
      ({ Properties }) => Properties.VpcEndpointType === 'Gateway',
    );
    expect(s3?.Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Sid: 'CustomResourceAnswers',
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::cloudformation-custom-resource-response-euwest1/*',
      }),
    );
  });

  test('do not move when the same config is synthesised again', () => {
    expect(clusterStacks(eks(), APPLIED).cluster.findResources(KIND.manifest)).toEqual(
      cluster.findResources(KIND.manifest),
    );
  });
});

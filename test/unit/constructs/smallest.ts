import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Network, type NetworkProps } from '../../../constructs/network/network';
import { RegisteredModel, type RegisteredModelProps } from '../../../constructs/registry/registered-model';
import { Keys } from '../../../constructs/security/keys';
import { DataLake, type DataLakeProps } from '../../../constructs/storage/data-lake';

const settings = JSON.parse(readFileSync(join(__dirname, '../../../cdk.json'), 'utf8')) as { context: object };

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** An app with the feature flags of ours, for they decide what is synthesised. */
export function app(): App {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
  directories.push(outdir);
  return new App({ context: { ...settings.context }, outdir });
}

export const account = '111111111111';
export const region = 'eu-west-1';

export function stack(scope: App = app(), id = 'Test'): Stack {
  return new Stack(scope, id, { env: { account, region } });
}

/** Somebody to grant things to. */
export function role(scope: Stack, id = 'Somebody'): Role {
  return new Role(scope, id, { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
}

export function network(scope: Stack, props: Partial<NetworkProps> = {}): Network {
  return new Network(scope, 'Network', {
    cidr: '10.0.0.0/16',
    availabilityZones: 2,
    logKey: new Key(scope, 'LogKey'),
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  });
}

export function keys(scope: Stack): Keys {
  return new Keys(scope, 'Keys', { removalPolicy: RemovalPolicy.RETAIN });
}

export function lake(scope: Stack, props: Partial<DataLakeProps> = {}): DataLake {
  return new DataLake(scope, 'Lake', {
    dataKey: new Key(scope, 'DataKey'),
    evidenceKey: new Key(scope, 'EvidenceKey'),
    removalPolicy: RemovalPolicy.RETAIN,
    evidenceLock: { duration: Duration.days(365), mode: 'governance' },
    ...props,
  });
}

export function registeredModel(scope: Stack, props: Partial<RegisteredModelProps> = {}): RegisteredModel {
  return new RegisteredModel(scope, 'flight-delay', {
    environmentName: 'dev',
    modelName: 'flight-delay',
    removalPolicy: RemovalPolicy.RETAIN,
    ...props,
  });
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

/** What a template lets a role do, all its policies together. */
export function statementsOf(template: Template): readonly Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement,
  );
}

export function actionsOf(template: Template): readonly string[] {
  return statementsOf(template)
    .flatMap(({ Action }) => Action)
    .sort();
}

/** The template of a stack in which `grant` was called for one role. */
export function granted(make: (scope: Stack) => (grantee: IGrantable) => unknown): Template {
  const scope = stack();
  make(scope)(role(scope));
  return Template.fromStack(scope);
}

import { type App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type EnvironmentName, environments } from '../../config/environments';
import { models } from '../../config/models';
import { PlatformStage } from '../../lib/platform-stage';
import { app } from '../unit/constructs/smallest';

/** Exceptions stand beside the resource that they are about, with a reason: see `constructs/security/allow.ts`. */
function findings(root: App): string[] {
  root.synth();
  return new AwsSolutionsChecks(root)
    .validateScope(root)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
}

describe('cdk-nag AwsSolutions', () => {
  test.each(Object.keys(environments) as EnvironmentName[])('has nothing to say about %s', (name) => {
    const root = app();
    new PlatformStage(root, name, { environment: environments[name], models });
    expect(findings(root)).toEqual([]);
  });

  test('has nothing to say about the guard of predictions either, which no model of the config has on', () => {
    const root = app();
    const guarded = { ...models['flight-delay'] };
    const guards = { ...guarded.rollout.guards, predictionShift: { maximumShift: 0.3, minimumSamples: 30 } };
    const rollout = { ...guarded.rollout, guards };
    new PlatformStage(root, 'local', {
      environment: environments.local,
      models: { 'flight-delay': { ...guarded, rollout } },
    });
    expect(findings(root)).toEqual([]);
  });

  test('has nothing to say where two people approve, and the champion has to be beaten', () => {
    const root = app();
    const { prod } = environments;
    const environment = {
      ...prod,
      approval: { kind: 'manual' as const, personas: ['approver' as const], people: 2, expiresHours: 24 },
    };
    const flightDelay = models['flight-delay'];
    const gates = [{ metric: 'roc_auc', atLeast: 0.66, beatsChampion: { confidence: 0.95, margin: 0 } }];
    new PlatformStage(root, 'prod', { environment, models: { 'flight-delay': { ...flightDelay, gates } } });
    expect(findings(root)).toEqual([]);
  });

  test('would have something to say: a bucket as the CDK makes it by default', () => {
    const root = app();
    new Bucket(new Stack(root, 'Test'), 'Bucket');
    expect(findings(root)).toContain('AwsSolutions-S1 at Test/Bucket/Resource');
  });
});

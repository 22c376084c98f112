import type { EnvironmentInput } from '../../../config/environment-spec';
import { consumersOf, sourceOf } from '../../../config/registry';
import { defineEnvironments, defineModels } from '../../../config/schema';
import { download, eks } from './cluster/smallest';
import { ENGINE_SETTINGS, plane } from './kubernetes/smallest';
import { environment, model } from './smallest';

const models = defineModels({ churn: model({ kubernetes: { loadSeconds: 4 } }), credit: model() });
type Overrides = Partial<Omit<EnvironmentInput, 'models'>> & { readonly models?: readonly ('churn' | 'credit')[] };

/** Environments of the model churn; prod takes its releases from staging, in another account. */
function define(overrides: { staging?: Overrides; prod?: Overrides; dev?: Overrides } = {}) {
  const make = ({ models: names = ['churn'], ...others }: Overrides) => environment(names, others);
  return defineEnvironments(models, {
    dev: make({ account: '111111111111', ...overrides.dev }),
    staging: make({ account: '222222222222', ...overrides.staging }),
    prod: make({ account: '333333333333', registry: { environment: 'staging' }, ...overrides.prod }),
  });
}

describe('an environment that takes its releases from the registry of another one', () => {
  test('may be in another account, and in the same', () => {
    expect(define().prod.registry).toEqual({ environment: 'staging' });
    expect(define({ prod: { account: '222222222222', registry: { environment: 'staging' } } }).prod.account).toBe(
      '222222222222',
    );
  });

  test('is none unless it says so', () => {
    expect(define().staging.registry).toBeUndefined();
  });

  test('knows the other one, which knows it', () => {
    const environments = define({ staging: { models: ['churn', 'credit'] } });
    expect(sourceOf(environments.prod, environments)).toEqual({ environmentName: 'staging', account: '222222222222' });
    expect(sourceOf(environments.staging, environments)).toBeUndefined();
    expect(consumersOf('staging', environments)).toEqual([
      { environmentName: 'prod', account: '333333333333', models: ['churn'] },
    ]);
    expect(consumersOf('dev', environments)).toEqual([]);
    expect(() => sourceOf(environments.prod, {})).toThrow('staging: its environment must be known');
  });

  test('is told apart from the others in the statements of the registry’s policies', () => {
    const two = (first: string, second: string, account = '333333333333') =>
      defineEnvironments(models, {
        staging: environment(['churn'], { account: '222222222222' }),
        [first]: environment(['churn'], { account: '444444444444', registry: { environment: 'staging' } }),
        [second]: environment(['churn'], { account, registry: { environment: 'staging' } }),
      });
    expect(() => two('prod-1', 'prod1')).toThrow(
      'config/environments.ts: prod1: becomes Prod1, as prod-1 does, got prod1; rename one of the two',
    );
    // One of the registry's own account needs no statement.
    expect(Object.keys(two('prod-1', 'prod1', '222222222222'))).toHaveLength(3);
    expect(Object.keys(two('prod-1', 'prod-2'))).toHaveLength(3);
  });

  test('names one that exists', () => {
    expect(() => define({ prod: { registry: { environment: 'stagin' } } })).toThrow(
      'config/environments.ts: prod.registry.environment: no such environment, got stagin; choose from dev, staging',
    );
  });

  test('does not call another one unknown that is only mistaken itself', () => {
    const wrong = () => define({ staging: { account: '2222' } });
    expect(wrong).toThrow('staging.account: an AWS account is 12 digits');
    expect(wrong).not.toThrow('prod.registry');
  });

  test('names another one', () => {
    expect(() => define({ prod: { registry: { environment: 'prod' } } })).toThrow(
      'prod.registry.environment: must be another environment, got prod; leave registry out for its own',
    );
  });

  test('names one with a registry of its own', () => {
    expect(() => define({ staging: { registry: { environment: 'dev' } } })).toThrow(
      'prod.registry.environment: must have a registry of its own, got staging, which takes its releases from dev; use dev',
    );
    const both = define({
      staging: { registry: { environment: 'dev' } },
      prod: { registry: { environment: 'dev' } },
    });
    expect(consumersOf('dev', both)).toHaveLength(2);
  });

  test('is not in a circle', () => {
    const circle = () => define({ staging: { registry: { environment: 'prod' } } });
    expect(circle).toThrow(
      'staging.registry.environment: must have a registry of its own, got prod, which takes its releases from staging; leave registry out of prod',
    );
    expect(circle).toThrow('which takes its releases from prod; leave registry out of staging');
  });

  test('is of the same region', () => {
    expect(() => define({ prod: { region: 'us-east-1', registry: { environment: 'staging' } } })).toThrow(
      'prod.registry.environment: must be of the same region, because SageMaker makes a model only of a package of its region, got staging in eu-west-1 beside us-east-1; use an environment of us-east-1',
    );
  });

  test('has only models that the other one has', () => {
    expect(() => define({ prod: { models: ['churn', 'credit'], registry: { environment: 'staging' } } })).toThrow(
      'prod.models.1: the registry of staging has no such model, got credit; add it to the models of staging, or leave it out here',
    );
  });

  test('has pods that download only where they get roles, which the other environment knows', () => {
    const kubernetes = plane({ engine: ENGINE_SETTINGS['gateway-api'], download, releases: { churn: {} } });
    const pods = (cluster?: EnvironmentInput['cluster']) => () =>
      define({ prod: { planes: ['kubernetes'], kubernetes, cluster } });
    expect(pods()).toThrow(
      "prod.cluster: the policies of staging name the roles that read its artefacts, got pods that download and no cluster that gives them one; use { kind: 'eks' }, or { kind: 'existing', podIdentity: true }",
    );
    expect(pods({ kind: 'existing' })).toThrow('prod.cluster: the policies of staging');
    expect(pods({ kind: 'existing', podIdentity: true })).not.toThrow();
    expect(pods(eks())).not.toThrow();
  });

  test('does not train', () => {
    const wrong = () => define({ prod: { schedules: true } });
    expect(wrong).toThrow('prod.schedules: no pipeline runs where versions come from staging, got true; leave it out');
    expect(define({ prod: { schedules: false, registry: { environment: 'staging' } } }).prod.schedules).toBe(false);
  });

  test('has one person who releases; the other one may ask two to approve', () => {
    const two = { kind: 'manual' as const, personas: ['approver' as const], people: 2 };
    expect(() => define({ prod: { approval: two } })).toThrow(
      'prod.approval.people: versions are approved in staging, and here one person releases them, got 2; ask two people in staging, and use 1 here',
    );
    expect(define({ staging: { approval: two } }).staging.approval).toMatchObject({ people: 2 });
  });

  test('does not release by itself what the first of two people has said yes to', () => {
    const manual = (people: number) => ({ kind: 'manual' as const, personas: ['approver' as const], people });
    const prod = { approval: { kind: 'automatic' as const }, registry: { environment: 'staging' } };
    expect(() => define({ staging: { approval: manual(2) }, prod })).toThrow(
      'prod.approval: the first of two approvals in staging would release before it is taken back, got automatic; use manual, or ask one person in staging',
    );
    expect(define({ staging: { approval: manual(1) }, prod }).prod.approval).toEqual({ kind: 'automatic' });
    expect(define({ staging: { approval: { kind: 'automatic' } }, prod }).prod.approval.kind).toBe('automatic');
  });

  test('is not on a laptop, nor is the other one', () => {
    expect(() => define({ prod: { emulated: true } })).toThrow(
      'prod.registry: the local AWS is one account with a registry of its own, got staging; leave registry out',
    );
    expect(() => define({ staging: { emulated: true } })).toThrow(
      "prod.registry.environment: can't be on a laptop, got staging; use an environment that has an account",
    );
  });

  test('for production takes them from one that keeps its data', () => {
    const prod = { production: true, registry: { environment: 'staging' } };
    expect(() => define({ staging: { removal: 'destroy' }, prod })).toThrow(
      "prod.registry.environment: a production environment's versions have to be kept, got staging with removal destroy; use removal retain in staging",
    );
    expect(define({ staging: { removal: 'destroy' } }).prod.production).toBe(false);
    expect(define({ prod }).prod.production).toBe(true);
  });

  test('hears of all its mistakes at once', () => {
    const wrong = () =>
      define({
        prod: { region: 'us-east-1', schedules: true, models: ['credit'], registry: { environment: 'staging' } },
      });
    for (const mistake of ['prod.registry.environment', 'prod.schedules', 'prod.models.0'])
      expect(wrong).toThrow(mistake);
  });

  test.each(['', 'staging', {}, { environment: 1 }, { environment: 'staging', account: '2' }])(
    'refuses the registry %p',
    (registry) => {
      expect(() => define({ prod: { registry: registry as never } })).toThrow('prod.registry');
    },
  );
});

import { approvalPolicy } from '../../../config/approval-policy';
import type { EnvironmentInput } from '../../../config/environment-spec';
import { environments } from '../../../config/environments';
import { defineEnvironments, defineModels } from '../../../config/schema';
import { environment, model } from './smallest';

const models = defineModels({ churn: model() });
const parse = (overrides: Partial<Omit<EnvironmentInput, 'models'>>) =>
  defineEnvironments(models, { dev: environment(['churn'], overrides) }).dev;

describe('an environment in config/environments.ts', () => {
  test('has the documented defaults', () => {
    expect(parse({})).toMatchObject({
      emulated: false,
      planes: ['sagemaker'],
      network: { cidr: '10.0.0.0/16', availabilityZones: 2 },
      removal: 'retain',
      schedules: true,
      alarmEmails: [],
      evidenceLockDays: 365,
    });
  });

  test('may list only models that exist, or it does not compile', () => {
    // @ts-expect-error chrun is no model
    expect(() => defineEnvironments(models, { dev: environment(['chrun']) })).toThrow(
      'config/environments.ts: dev.models.0: no such model, got chrun; choose from churn',
    );
  });

  test('lists a model once', () => {
    expect(() => defineEnvironments(models, { dev: environment(['churn', 'churn']) })).toThrow(
      'config/environments.ts: dev.models.1: is listed already, got churn twice; leave one of the two out',
    );
  });

  test('has one approval that counts for a week, unless it says otherwise', () => {
    const approval = { kind: 'manual' as const, personas: ['approver' as const] };
    expect(parse({ approval }).approval).toEqual({ ...approval, people: 1, expiresHours: 168 });
    expect(parse({ approval: { ...approval, people: 2, expiresHours: 1 } }).approval).toMatchObject({ people: 2 });
    expect(parse({ approval: { ...approval, expiresHours: 8760 } }).approval).toMatchObject({ expiresHours: 8760 });
  });

  test.each([0, -1, 3, 1.5, Number.NaN])('refuses %d people to approve', (people) => {
    expect(() => parse({ approval: { kind: 'manual', personas: ['approver'], people } })).toThrow(
      'dev.approval.people',
    );
  });

  test.each([0, -1, 8761, 1.5, Number.NaN])('refuses approvals of %d hours', (expiresHours) => {
    expect(() => parse({ approval: { kind: 'manual', personas: ['approver'], expiresHours } })).toThrow(
      'dev.approval.expiresHours',
    );
  });

  test('can ask only one person on a laptop', () => {
    const wrong = { emulated: true, approval: { kind: 'manual' as const, personas: ['approver' as const], people: 2 } };
    expect(() => parse(wrong)).toThrow(
      "dev.approval.people: the local AWS knows nobody's identity, so that people can't be told apart, got 2; use 1",
    );
    expect(parse({ ...wrong, approval: { ...wrong.approval, people: 1 } }).emulated).toBe(true);
  });

  test('asks nobody where it approves by itself', () => {
    const approval = { kind: 'automatic', people: 2 } as unknown as { kind: 'automatic' };
    expect(() => parse({ approval })).toThrow('dev.approval: unknown key people, got {"kind":"automatic","people":2}');
    expect(approvalPolicy(parse({ approval: { kind: 'automatic' } }).approval)).toEqual({ people: 0 });
  });

  test('for production neither approves nor deletes by itself', () => {
    const wrong = () => parse({ production: true, approval: { kind: 'automatic' }, removal: 'destroy' });
    expect(wrong).toThrow("dev.approval: a production environment can't approve by itself, got automatic");
    expect(wrong).toThrow('dev.removal: a production environment keeps its data, got destroy; use retain');
  });

  test.each([0, -1, 101, 1.5, Number.NaN])('refuses %d instances', (min) => {
    expect(() => parse({ instances: { min, max: 100 } })).toThrow('dev.instances.min');
  });

  test('refuses a canary on one instance, and a minimum above the maximum', () => {
    expect(() => parse({ instances: { min: 1, max: 1 } })).toThrow(
      'dev.instances.min: the canary rollout of churn needs 2 instances, so that a step of at most half the fleet exists, got 1; raise it to 2 or use the rollout blueGreen',
    );
    expect(() => parse({ instances: { min: 3, max: 2 } })).toThrow(
      'dev.instances: min must not exceed max, got 3 and 2',
    );
  });

  test('takes one instance where the rollout moves all traffic at once', () => {
    const small = defineModels({ churn: model({ rollout: { kind: 'blueGreen' } }) });
    const { dev } = defineEnvironments(small, { dev: environment(['churn'], { instances: { min: 1, max: 1 } }) });
    expect(dev.instances.min).toBe(1);
  });

  describe('by its name', () => {
    const entry = environment(['churn']);

    test.each(['dev-2', 'dev-eu-west'])('refuses %s beside dev, for permissions on dev-* would reach it', (longer) => {
      expect(() => defineEnvironments(models, { dev: entry, [longer]: entry })).toThrow(
        `config/environments.ts: ${longer}: must not begin with the name of another environment of the same account and region, because permissions on dev-* would reach it, got ${longer} beside dev; rename one of them, or use another account or region`,
      );
    });

    test.each([
      ['dev2', {}],
      ['my-dev', {}],
      ['dev-2', { account: '210987654321' }],
      ['dev-2', { region: 'us-east-1' }],
    ])('takes %s with %p beside dev', (other, overrides) => {
      const both = defineEnvironments(models, { dev: entry, [other]: environment(['churn'], overrides) });
      expect(Object.keys(both)).toEqual(['dev', other]);
    });

    test('is lower-case words joined by hyphens, at most 40 characters', () => {
      expect(() => defineEnvironments(models, { Dev: entry })).toThrow(
        'config/environments.ts: Dev: an environment name is lower-case words joined by hyphens, got Dev; rename the entry',
      );
      expect(() => defineEnvironments(models, { ['e'.repeat(41)]: entry })).toThrow('got eeee');
    });

    test('makes names that SageMaker takes: 63 characters with the model, and not one more', () => {
      const long = 'm'.repeat(40);
      const some = defineModels({ [long]: model() });
      const define = (name: string) => defineEnvironments(some, { [name]: environment([long]) });
      expect(Object.keys(define('e'.repeat(22)))).toHaveLength(1);
      expect(() => define('e'.repeat(23))).toThrow(
        /eee\.models\.0: .* at most 63 characters, got e+-m+ with 64; shorten/,
      );
    });
  });

  test.each(['10.0.0.0/15', '10.0.0.0/27', '10.0.0.0/28', '10.0.0.0/0'])('refuses the network %s', (cidr) => {
    expect(() => parse({ network: { cidr } })).toThrow(`dev.network.cidr: a network is /16 to /26, got "${cidr}"`);
  });

  test.each(['10.0.0.0/16', '10.0.0.0/26'])('takes the network %s', (cidr) => {
    expect(parse({ network: { cidr } }).network.cidr).toBe(cidr);
  });

  test.each(['12345678901', '1234567890123', 'abcdefghijkl', ''])('refuses the account %p', (account) => {
    expect(() => parse({ account })).toThrow('dev.account: an AWS account is 12 digits');
  });

  test('of the project are four, of which only local is emulated', () => {
    expect(Object.keys(environments)).toEqual(['local', 'dev', 'staging', 'prod']);
    expect(Object.values(environments).filter(({ emulated }) => emulated)).toEqual([environments.local]);
  });
});

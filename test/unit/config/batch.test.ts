import type { ModelInput } from '../../../config/model-spec';
import { defineModels } from '../../../config/schema';
import { model } from './smallest';

type Batch = Extract<ModelInput['serving'], { mode: 'batch' }>;
const parse = (serving: Partial<Batch> = {}) =>
  defineModels({ churn: model({ serving: { mode: 'batch', ...serving }, rollout: { kind: 'allAtOnce' } }) }).churn;
const at = 'config/models.ts: churn.serving';

describe('a model that serves by batch', () => {
  test('has the documented defaults', () => {
    expect(parse().serving).toEqual({
      mode: 'batch',
      instanceType: 'ml.m5.large',
      instanceCount: 1,
      splitType: 'Line',
      strategy: 'MultiRecord',
      maxPayloadMb: 6,
      maxConcurrentTransforms: 1,
      joinInput: true,
      contentType: 'text/csv',
      inPipeline: false,
      timeZone: 'UTC',
      inputPrefix: 'batch/input',
      outputPrefix: 'batch/output',
    });
  });

  test.each<[Partial<Batch>, string]>([
    [{ inputPrefix: 'a', outputPrefix: 'a' }, 'outputPrefix: must not lie below inputPrefix'],
    [{ inputPrefix: 'a', outputPrefix: 'a/b' }, 'outputPrefix: must not lie below inputPrefix'],
    [{ inputPrefix: '/a' }, 'inputPrefix: a prefix is names joined by slashes'],
    [{ outputPrefix: 'a/' }, 'outputPrefix: a prefix is names joined by slashes'],
    [{ timeZone: 'Mars' }, 'timeZone: is no time zone, got Mars'],
    [{ schedule: 'cron(0 3 * * *)' }, 'schedule: a cron expression has six fields, got 5'],
  ])('refuses %j', (serving, message) => {
    expect(() => parse(serving)).toThrow(`${at}.${message}`);
  });

  test.each<Partial<Batch>>([
    { inputPrefix: 'a', outputPrefix: 'ab' },
    { inputPrefix: 'a/b', outputPrefix: 'a' },
    { schedule: 'at(2026-03-29T04:00:00)' },
  ])('takes %j, which is just legal', (serving) => {
    expect(() => parse(serving)).not.toThrow();
  });
});

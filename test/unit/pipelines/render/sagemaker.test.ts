import { processing, qualityCheck, training, tuning } from '../../../../pipelines/builder';
import type { Step } from '../../../../pipelines/definition';
import { renderSageMaker } from '../../../../pipelines/render/sagemaker';
import { standardPipeline } from '../../../../pipelines/standard-pipeline';
import { standard } from '../smallest';
import { check, compute, fit, prepared, render, search } from './rendered';

describe('the runtime', () => {
  const JOBS: readonly [string, Step][] = [
    ['processing', processing('A', { compute, script: 'a.py', outputs: ['a'] })],
    ['training', training('A', fit)],
    ['tuning', tuning('A', search)],
    ['qualityCheck', qualityCheck('A', check)],
  ];

  test.each(JOBS)('brings its network to %s', (_, step) => {
    const network = { subnets: ['subnet-1'], securityGroupIds: ['sg-1'], isolated: true };
    const json = JSON.stringify(render([step], { network }));
    expect(json).toContain('"VpcConfig":{"Subnets":["subnet-1"],"SecurityGroupIds":["sg-1"]}');
    expect(json).toContain('"EnableNetworkIsolation":true');
    expect(JSON.stringify(render([step]))).not.toMatch(/VpcConfig|EnableNetworkIsolation/);
  });

  test.each(JOBS)('brings its key to the disks and the outputs of %s', (_, step) => {
    const json = JSON.stringify(render([step], { encryptionKey: 'key' }));
    expect(json).toContain('"VolumeKmsKeyId":"key"');
    expect(json).toContain('"KmsKeyId":"key"');
    expect(JSON.stringify(render([step]))).not.toContain('KmsKeyId');
  });

  test.each(JOBS)('brings its environment to %s', (_, step) => {
    expect(JSON.stringify(render([step], { environment: { STAGE: 'test' } }))).toContain('"STAGE":"test"');
  });

  test.each([
    'ml.m5d.large',
    'ml.c6gd.xlarge',
    'ml.r7gd.large',
    'ml.m5dn.large',
    'ml.g4dn.xlarge',
    'ml.g5.xlarge',
    'ml.g6e.xlarge',
    'ml.p3dn.24xlarge',
    'ml.p4d.24xlarge',
    'ml.p5.48xlarge',
    'ml.p6-b200.48xlarge',
    'ml.trn1.2xlarge',
  ])('has no key for the disk inside an %s', (instanceType) => {
    const json = JSON.stringify(prepared({ compute: { instanceType }, outputs: ['a'] }, { encryptionKey: 'key' }));
    expect(json).not.toContain('VolumeKmsKeyId');
    expect(json).toContain('"KmsKeyId":"key"');
  });

  test.each([
    'ml.t3.medium',
    'ml.m5.large',
    'ml.c5n.xlarge',
    'ml.m6i.large',
    'ml.r5.large',
    'ml.p2.xlarge',
    'ml.p3.2xlarge',
  ])('has a key for the volume of an %s', (instanceType) => {
    expect(JSON.stringify(prepared({ compute: { instanceType } }, { encryptionKey: 'key' }))).toContain(
      '"VolumeKmsKeyId":"key"',
    );
  });
});

describe('retries', () => {
  const policies = (retry: object) => prepared({ retry })?.RetryPolicies;
  const service = { ExceptionType: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], IntervalSeconds: 10, BackoffRate: 2 };
  const internal = { ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR'], IntervalSeconds: 60, BackoffRate: 2 };
  const capacity = {
    ExceptionType: ['SageMaker.CAPACITY_ERROR', 'SageMaker.RESOURCE_LIMIT'],
    IntervalSeconds: 300,
    BackoffRate: 1,
  };

  test('meet faults of the service, faults of the job and a lack of machines, each in its way', () => {
    expect(policies({ attempts: 3, capacityMinutes: 60 })).toEqual([
      { ...service, MaxAttempts: 3 },
      { ...internal, MaxAttempts: 3 },
      { ...capacity, ExpireAfterMin: 60 },
    ]);
  });

  test('of 0 are none', () => {
    expect(policies({ attempts: 0, capacityMinutes: 60 })).toEqual([{ ...capacity, ExpireAfterMin: 60 }]);
    expect(policies({ attempts: 3, capacityMinutes: 0 })).toEqual([
      { ...service, MaxAttempts: 3 },
      { ...internal, MaxAttempts: 3 },
    ]);
    expect(policies({ attempts: 0, capacityMinutes: 0 })).toEqual([]);
  });

  test.each([{ attempts: 21 }, { attempts: -1 }, { attempts: 1.5 }, { attempts: Number.NaN }])(
    'refuse %p, as SageMaker does',
    (retry) => {
      expect(() => policies(retry)).toThrow('MaxAttempts: must be a whole number from 1 to 20');
    },
  );

  test.each([{ capacityMinutes: 14_401 }, { capacityMinutes: -1 }, { capacityMinutes: Number.NaN }])(
    'refuse %p, as SageMaker does',
    (retry) => {
      expect(() => policies(retry)).toThrow('ExpireAfterMin: must be a whole number from 1 to 14400');
    },
  );
});

describe('the cache', () => {
  const cache = (cacheDays?: number) => prepared({ cacheDays })?.CacheConfig;

  test('lasts for its days, and 0 days are none', () => {
    expect(cache(30)).toEqual({ Enabled: true, ExpireAfter: 'P30D' });
    expect(cache(0)).toBeUndefined();
    expect(cache()).toBeUndefined();
  });

  test.each([-1, 0.5, Number.NaN])('refuses %d days', (days) => {
    expect(() => cache(days)).toThrow('A.CacheConfig.ExpireAfter: must be an ISO 8601 duration');
  });
});

describe('the standard pipeline', () => {
  test('is accepted with and without tuning, with every option of its runtime', () => {
    const tuned = {
      objective: { metric: 'auc', direction: 'maximize' as const },
      maxJobs: 2,
      ranges: { depth: { kind: 'integer' as const, min: 1, max: 3 } },
    };
    const network = { subnets: ['subnet-1'], securityGroupIds: ['sg-1'], isolated: true };
    for (const tuning of [undefined, tuned])
      for (const options of [{}, { network, kmsKeyId: 'key', containerEnvironment: { A: 'b' } }]) {
        const { Steps } = renderSageMaker(standardPipeline(standard({ tuning }, options)));
        expect(Steps.map(({ Type }) => Type)).toEqual([
          'Processing',
          'Processing',
          tuning ? 'Tuning' : 'Training',
          'Processing',
          'Condition',
        ]);
      }
  });
});

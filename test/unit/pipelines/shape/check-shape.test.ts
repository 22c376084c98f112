import * as sageMaker from '@aws-sdk/client-sagemaker';
import { Faults } from '../../../../core/faults';
import { checkShape } from '../../../../pipelines/shape/check-shape';
import { shapeOf } from '../../../../pipelines/shape/shape';
import type { ViolationOptions } from '../../../../pipelines/shape/violation';

function processing(change: object = {}): object {
  return {
    ProcessingJobName: 'prepare',
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 } },
    AppSpecification: { ImageUri: 'image' },
    RoleArn: 'arn:aws:iam::111111111111:role/job',
    ...change,
  };
}

function faultsOf(value: unknown, options?: ViolationOptions, schema: unknown = sageMaker.CreateProcessingJobRequest$) {
  const faults = new Faults();
  checkShape(schema, value, 'Prepare', faults, options);
  return faults.messages;
}

describe('checkShape', () => {
  test('accepts the smallest request', () => {
    expect(faultsOf(processing())).toEqual([]);
  });

  test('names a required member that is missing, null or undefined', () => {
    const message = 'Prepare.AppSpecification: missing required member ImageUri, got nothing; add ImageUri';
    for (const AppSpecification of [{}, { ImageUri: null }, { ImageUri: undefined }])
      expect(faultsOf(processing({ AppSpecification }))).toEqual([message]);
  });

  test('lets the caller waive members of the outermost structure only', () => {
    const value = processing({ ProcessingJobName: undefined, AppSpecification: {} });
    expect(faultsOf(value, { optional: ['ProcessingJobName', 'ImageUri'] })).toEqual([
      'Prepare.AppSpecification: missing required member ImageUri, got nothing; add ImageUri',
    ]);
  });

  test('proposes the member that was meant', () => {
    expect(faultsOf(processing({ StopingCondition: { MaxRuntimeInSeconds: 60 } }))).toEqual([
      'Prepare.StopingCondition: unknown member, got {"MaxRuntimeInSeconds":60}; write StoppingCondition, or remove it',
    ]);
  });

  test('lists the members when none is near', () => {
    const [message] = faultsOf(processing({ AppSpecification: { ImageUri: 'image', Gpu: true } }));
    expect(message).toBe(
      'Prepare.AppSpecification.Gpu: unknown member, got true; remove it: there are ImageUri, ContainerEntrypoint, ContainerArguments',
    );
  });

  test.each([
    ['a string', { RoleArn: 7 }, 'Prepare.RoleArn: must be a string, got 7; write a string'],
    [
      'a number',
      {
        ProcessingResources: { ClusterConfig: { InstanceCount: Number.NaN, InstanceType: 'x', VolumeSizeInGB: 1 } },
      },
      'Prepare.ProcessingResources.ClusterConfig.InstanceCount: must be a number, got NaN; write a number',
    ],
    [
      'a boolean',
      { NetworkConfig: { EnableNetworkIsolation: 'true' } },
      'Prepare.NetworkConfig.EnableNetworkIsolation: must be a boolean, got "true"; write a boolean',
    ],
    ['a list', { ProcessingInputs: {} }, 'Prepare.ProcessingInputs: must be a list, got {}; write a list'],
    ['a map', { Environment: [] }, 'Prepare.Environment: must be a map, got []; write a map'],
    [
      'a structure',
      { AppSpecification: 'image' },
      'Prepare.AppSpecification: must be a structure, got "image"; write a structure',
    ],
    ['no null in a list', { Tags: [null] }, 'Prepare.Tags[0]: must be a structure, got null; write a structure'],
    [
      'no null in a map',
      { Environment: { A: null } },
      'Prepare.Environment.A: must be a string, got null; write a string',
    ],
  ])('wants %s where the schema says so', (_, change, message) => {
    expect(faultsOf(processing(change))).toEqual([message]);
  });

  test('finds every fault, however deep', () => {
    const ProcessingInputs = [{ InputName: 'a', S3Input: { S3Uri: 1, S3DataType: 'S3Prefix' } }, { S3Input: {} }];
    expect(faultsOf(processing({ ProcessingInputs }))).toEqual([
      'Prepare.ProcessingInputs[0].S3Input.S3Uri: must be a string, got 1; write a string',
      'Prepare.ProcessingInputs[1]: missing required member InputName, got nothing; add InputName',
      'Prepare.ProcessingInputs[1].S3Input: missing required member S3Uri, got nothing; add S3Uri',
      'Prepare.ProcessingInputs[1].S3Input: missing required member S3DataType, got nothing; add S3DataType',
    ]);
  });

  test('takes times as the wire, files and programs write them', () => {
    const schema = sageMaker.ListModelsInput$;
    for (const CreationTimeAfter of [1_700_000_000.5, '2026-01-31T08:00:00Z', new Date(0)])
      expect(faultsOf({ CreationTimeAfter }, {}, schema)).toEqual([]);
    for (const CreationTimeAfter of ['yesterday', Number.NaN, new Date(Number.NaN), true])
      expect(faultsOf({ CreationTimeAfter }, {}, schema)).toHaveLength(1);
  });

  test('takes bytes as the wire and programs write them', () => {
    const schema = [3, 'test', 'Upload', 0, ['Body', 'Stream'], [21, 42], 1];
    expect(faultsOf({ Body: 'aGVsbG8=', Stream: new Uint8Array([1]) }, {}, schema)).toEqual([]);
    expect(faultsOf({ Body: 'not base64!' }, {}, schema)).toEqual([
      'Prepare.Body: must be a blob, got "not base64!"; write a blob',
    ]);
  });

  test('leaves alone what the caller accepts', () => {
    const accepts = (value: unknown) => typeof value === 'object' && value !== null && 'Get' in value;
    expect(faultsOf(processing({ RoleArn: { Get: 'Parameters.Role' } }), { accepts })).toEqual([]);
  });

  test('is not fooled by names that every object has', () => {
    expect(faultsOf({ ...processing(), toString: 'x' })).toHaveLength(1);
    expect(faultsOf({}, {}, [3, 'test', 'Odd', 0, ['constructor'], [0], 1])).toEqual([
      'Prepare: missing required member constructor, got nothing; add constructor',
    ]);
  });

  test('cuts off long values', () => {
    const [message = ''] = faultsOf(processing({ Environment: 'x'.repeat(10_000) }));
    expect(message.length).toBeLessThan(200);
  });
});

describe('shapeOf', () => {
  test('reads every schema of the client', () => {
    const schemas = Object.entries(sageMaker).filter(
      ([name, schema]) => name.endsWith('$') && Array.isArray(schema) && schema[0] !== 9,
    );
    expect(schemas.length).toBeGreaterThan(1000);
    for (const [, schema] of schemas) {
      const shape = shapeOf(schema);
      if (shape.kind === 'structure') for (const member of shape.members.values()) member.shape();
    }
  });

  test.each([[33], [[8, 'test', 'Odd', 0]], [undefined]])('refuses a schema that it does not know: %p', (schema) => {
    expect(() => shapeOf(schema)).toThrow(/^unknown (form|kind|number) of/);
  });
});

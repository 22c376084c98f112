import { App, Aws, CfnParameter, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { definitionBody } from '../../../../constructs/training/definition-body';
import { integerParameter, stringParameter } from '../../../../pipelines/sagemaker/parameter';
import { RawFloat } from '../../../../pipelines/sagemaker/raw-float';
import { step } from '../../../../pipelines/sagemaker/step';
import { isToken } from '../../../../pipelines/sagemaker/token';
import { define, prepare, processingJob } from '../smallest';

const TOKENS: readonly [string, unknown][] = [
  ['a string', Aws.REGION],
  ['a part of a string', `s3://bucket-${Aws.ACCOUNT_ID}/key`],
  ['a number', Token.asNumber({ Ref: 'Size' })],
  ['a list', Token.asList({ Ref: 'Subnets' })],
  ['an object', Token.asAny({ Ref: 'Anything' })],
  ['something lazy', Lazy.any({ produce: () => 1 })],
];

describe('a token of the CDK', () => {
  test.each(TOKENS)('is known as %s', (_, token) => {
    expect(isToken(token)).toBe(true);
  });

  test.each(['', 'text', '${Token', '${AWS::Region}', 0, -1, -1e300, Number.NaN, [], ['a'], {}, null, undefined])(
    'is nothing like %p',
    (value) => {
      expect(isToken(value)).toBe(false);
    },
  );
});

describe('a definition with tokens', () => {
  /** What a template holds of a definition, with the values that a deployment would put in. */
  function deployed(make: (stack: Stack) => object, values: Readonly<Record<string, unknown>>): unknown {
    const stack = new Stack(new App(), 'stack');
    const text: unknown = stack.resolve(definitionBody(stack, make(stack)));
    const [separator, parts] = (text as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
    return JSON.parse(
      parts.map((part) => (typeof part === 'string' ? part : values[(part as { Ref: string }).Ref])).join(separator),
    );
  }

  test('is accepted, and keeps them until the deployment', () => {
    const definition = deployed(
      (stack) => {
        const size = new CfnParameter(stack, 'Size', { type: 'Number' });
        const job = step('Processing', 'A', {
          ...processingJob(),
          RoleArn: `arn:aws:iam::${Aws.ACCOUNT_ID}:role/job`,
          ProcessingResources: {
            ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: size.valueAsNumber },
          },
          Environment: { REGION: Fn.ref('AWS::Region') },
        });
        const parameters = [
          stringParameter('Where', { defaultValue: Aws.REGION }),
          integerParameter('Count', { defaultValue: size.valueAsNumber }),
        ];
        return define([job], parameters);
      },
      { 'AWS::AccountId': '123456789012', 'AWS::Region': 'eu-west-1', Size: 50 },
    );
    expect(definition).toMatchObject({
      Parameters: [
        { Name: 'Where', DefaultValue: 'eu-west-1' },
        { Name: 'Count', DefaultValue: 50 },
      ],
      Steps: [
        {
          Arguments: {
            RoleArn: 'arn:aws:iam::123456789012:role/job',
            ProcessingResources: { ClusterConfig: { VolumeSizeInGB: 50 } },
            Environment: { REGION: 'eu-west-1' },
          },
        },
      ],
    });
  });

  test('may have one in place of a whole list or at an enum', () => {
    const network = { Subnets: Token.asList({ Ref: 'Subnets' }), SecurityGroupIds: ['sg-1'] };
    const job = step('Processing', 'A', {
      ...processingJob(),
      NetworkConfig: { VpcConfig: network },
      ProcessingResources: {
        ClusterConfig: {
          InstanceCount: 1,
          InstanceType: Token.asAny({ Ref: 'Type' }),
          VolumeSizeInGB: 30,
        },
      },
    });
    expect(define([job]).Steps[0]?.Arguments).toMatchObject({ NetworkConfig: { VpcConfig: network } });
  });

  test('and raw floats writes those with their point', () => {
    const definition = {
      cores: new RawFloat(2),
      more: [new RawFloat(0.5), 2],
      where: Aws.REGION,
      lazy: Lazy.string({ produce: () => 'a' }),
    };
    const stack = new Stack(new App(), 'stack');
    expect(stack.resolve(definitionBody(stack, definition))).toEqual({
      'Fn::Join': ['', ['{"cores":2.0,"more":[0.5,2],"where":"', { Ref: 'AWS::Region' }, '","lazy":"a"}']],
    });
    expect(() => stack.resolve(stack.toJsonString(definition)) as unknown).toThrow(
      "a raw float can't be resolved, got 2.0",
    );
  });

  test('is still checked in everything else', () => {
    expect(() => define([prepare(`A-${Aws.REGION}`)])).toThrow('a name is 1 to 64 letters');
  });
});

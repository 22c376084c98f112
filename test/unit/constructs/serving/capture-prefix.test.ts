import { CfnParameter, Fn } from 'aws-cdk-lib';
import { capturePrefix } from '../../../../constructs/serving/capture-prefix';
import { stack } from '../smallest';

describe('the prefix of captured data', () => {
  test('ends in the version of the release, which only CloudFormation knows', () => {
    const scope = stack();
    const { valueAsString } = new CfnParameter(scope, 'Released');
    expect(scope.resolve(capturePrefix('churn', valueAsString))).toEqual({
      'Fn::Join': [
        '',
        ['churn/', { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::Join': ['', [{ Ref: 'Released' }, '/-/-']] }] }] }],
      ],
    });
  });

  test('is one that CloudFormation can work out even while nothing is released', () => {
    const resolved = (arn: string) => stack().resolve(Fn.select(2, Fn.split('/', `${arn}/-/-`))) as string;
    expect(resolved('none')).toBe('-');
    expect(resolved('arn:aws:sagemaker:eu-west-1:111111111111:model-package/dev-churn/17')).toBe('17');
    expect(capturePrefix('churn', 'arn:aws:sagemaker:eu-west-1:1:model-package/dev-churn/17')).toBe('churn/17');
  });
});

import { modelName, modelPackageGroupArn, releaseParameterName, stackName } from '../../../core/names';

describe('names that two sides agree on', () => {
  test('put the environment before the model', () => {
    expect(stackName('dev', 'serving', 'churn')).toBe('mlops-dev-serving-churn');
    expect(stackName('dev', 'network')).toBe('mlops-dev-network');
    expect(modelName('dev', 'churn')).toBe('dev-churn');
    expect(releaseParameterName('dev', 'churn')).toBe('/mlops/dev/churn/release');
  });

  test.each([
    ['eu-west-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
  ])('are looked for in another account of %s in the partition %s', (region, partition) => {
    expect(modelPackageGroupArn({ region, account: '222222222222', group: 'dev-churn' })).toBe(
      `arn:${partition}:sagemaker:${region}:222222222222:model-package-group/dev-churn`,
    );
  });
});

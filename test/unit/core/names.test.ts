import { modelName, releaseParameterName, stackName } from '../../../core/names';

describe('names that two sides agree on', () => {
  test('put the environment before the model', () => {
    expect(stackName('dev', 'serving', 'churn')).toBe('mlops-dev-serving-churn');
    expect(stackName('dev', 'network')).toBe('mlops-dev-network');
    expect(modelName('dev', 'churn')).toBe('dev-churn');
    expect(releaseParameterName('dev', 'churn')).toBe('/mlops/dev/churn/release');
  });
});

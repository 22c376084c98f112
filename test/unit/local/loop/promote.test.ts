import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
} from '@aws-sdk/client-sagemaker';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { awaitPromotion } from '../../../../local/loop/promote';
import type { Target } from '../../../../local/loop/target';

const APPROVED = { arn: 'arn:model-package/local-churn/3', version: 3 };

/** A local environment whose serving stack goes through the states, and whose endpoint has the package in the last one. */
function target(...states: string[]): Target {
  let state = '';
  const send = async (command: unknown) => {
    if (command instanceof GetParameterCommand) return { Parameter: { Value: APPROVED.arn } };
    if (command instanceof DescribeStacksCommand) {
      state = states.shift() ?? state;
      return { Stacks: [{ StackStatus: state, StackStatusReason: 'an alarm went off' }] };
    }
    if (command instanceof DescribeEndpointCommand)
      return { EndpointStatus: 'InService', EndpointConfigName: 'config' };
    if (command instanceof DescribeEndpointConfigCommand) return { ProductionVariants: [{ ModelName: 'model' }] };
    if (!(command instanceof DescribeModelCommand)) throw new Error('not expected');
    return { PrimaryContainer: { ModelPackageName: states.length === 0 ? APPROVED.arn : 'arn:earlier' } };
  };
  return {
    name: 'local-churn',
    servingStack: 'mlops-local-serving-churn',
    props: { environment: 'local', model: 'churn' },
    clients: { ssm: { send }, cloudFormation: { send }, sageMaker: { send } },
  } as unknown as Target;
}

describe('a promotion that is awaited', () => {
  test('is not taken for the rollback that an earlier release ended with', async () => {
    const said: string[] = [];
    const states = ['UPDATE_ROLLBACK_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'];
    expect(await awaitPromotion(target(...states), APPROVED, (message) => said.push(message))).toEqual({
      endpoint: 'local-churn',
      status: 'InService',
    });
    expect(said).toContain('stack mlops-local-serving-churn is UPDATE_ROLLBACK_COMPLETE');
  });

  test.each([
    ['once its update was under way', ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE'], undefined],
    ['while it goes back', ['UPDATE_ROLLBACK_IN_PROGRESS'], undefined],
    ['when no update has begun in time', ['UPDATE_ROLLBACK_COMPLETE'], { beginsSeconds: 0 }],
  ])('fails with the reason of a rollback %s', async (_, states, options) => {
    const promotion = awaitPromotion(target(...states, 'never'), APPROVED, () => undefined, options);
    await expect(promotion).rejects.toThrow(
      /^mlops-local-serving-churn: went back to the earlier release, got UPDATE_ROLLBACK_\w+ an alarm went off/,
    );
  });
});

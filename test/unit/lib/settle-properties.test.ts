import { App, CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { settlePropertiesWhenValid } from '../../../lib/settle-properties';

function stacks() {
  const app = new App();
  const producer = new Stack(app, 'Producer');
  const stack = new Stack(app, 'Stack');
  settlePropertiesWhenValid(stack);
  return { app, producer, stack };
}

test('a property is resolved to find references and once more, and not again for the template and for tree.json', () => {
  const { app, stack } = stacks();
  let resolved = 0;
  const document = Lazy.uncachedAny({ produce: () => ({ Statement: [++resolved] }) });
  new CfnPolicy(stack, 'Policy', { policyName: 'policy', policyDocument: document });
  app.synth();
  expect(resolved).toBe(2);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [2] } });
});

test('references to this and to other stacks, lists and tags are in the template as they are without it', () => {
  const templates = [true, false].map((settles) => {
    const app = new App();
    const producer = new Stack(app, 'Producer');
    const stack = new Stack(app, 'Stack');
    if (settles) settlePropertiesWhenValid(stack);
    const topic = new CfnTopic(producer, 'Topic');
    const own = new CfnTopic(stack, 'Own', {
      displayName: `of ${topic.attrTopicName}`,
      subscription: [{ endpoint: topic.ref, protocol: 'sqs' }],
      tags: [{ key: 'topic', value: topic.ref }],
    });
    new CfnPolicy(stack, 'Policy', {
      policyName: own.attrTopicName,
      policyDocument: { Statement: [{ Resource: [own.ref, topic.ref] }] },
      roles: Lazy.list({ produce: () => ['one', own.attrTopicName] }),
    });
    return Template.fromStack(stack).toJSON();
  });
  expect(templates[0]).toEqual(templates[1]);
});

test('what an override says stays, and a resource without a class of its own is left alone', () => {
  const { stack } = stacks();
  const topic = new CfnTopic(stack, 'Topic', { displayName: Lazy.string({ produce: () => 'before' }) });
  topic.addPropertyOverride('DisplayName', 'after');
  new CfnResource(stack, 'Custom', {
    type: 'Custom::Thing',
    properties: { Name: Lazy.string({ produce: () => 'n' }) },
  });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SNS::Topic', { DisplayName: 'after' });
  template.hasResourceProperties('Custom::Thing', { Name: 'n' });
});

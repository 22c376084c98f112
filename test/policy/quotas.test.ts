import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defineModels } from '../../config/schema';
import { model } from '../unit/config/smallest';
import { resolve } from '../unit/constructs/iam-simulation';
import { platform, type Resource, resourcesOf } from '../unit/lib/platform';

/** More than the environments here have, in names of a usual length. */
const MODELS = 40;
/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const INLINE_POLICIES_PER_ROLE = 10_240;
const MANAGED_POLICY = 6144;
/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const RESOURCES_PER_TEMPLATE = 500;
const OUTPUTS_PER_TEMPLATE = 200;
const TEMPLATE_BYTES = 1_000_000;

const names = Array.from({ length: MODELS }, (_, index) => `customer-churn-${index}`);
const stage = platform(
  defineModels(Object.fromEntries(names.map((name) => [name, model({ schedule: 'rate(1 day)' })]))),
);
const templates = stage.node.children
  .filter(Stack.isStack)
  .map((stack) => [stack.stackName, Template.fromStack(stack)] as const);
const resources = templates.flatMap(([stack, template]) =>
  Object.entries(resourcesOf(template)).map(([id, resource]) => ({ stack, id, ...resource })),
);

/** Characters as IAM counts them: no white space, and references as long as the ARN of a key or a long bucket name. */
function size(policy: unknown): number {
  const text = JSON.stringify(resolve(policy)).replace(/<\w+>/g, '-'.repeat(76));
  return text.replace(/\s/g, '').length;
}

interface Properties {
  readonly Roles?: readonly object[];
  readonly PolicyDocument?: object;
  readonly Policies?: readonly { readonly PolicyDocument: object }[];
}

function ofType(type: string): readonly { stack: string; id: string; properties: Properties }[] {
  return resources
    .filter(({ Type }: Resource) => Type === type)
    .map(({ stack, id, Properties = {} }) => ({ stack, id, properties: Properties }));
}

/** Sizes of all inline policies of a role together, by the role's place. */
function inlinePolicies(): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const add = (role: string, document: unknown) => sizes.set(role, (sizes.get(role) ?? 0) + size(document));
  for (const { stack, properties } of ofType('AWS::IAM::Policy')) {
    for (const role of properties.Roles ?? []) {
      // Another stack's role is the same wherever it is spoken of.
      add('Ref' in role ? `${stack} ${JSON.stringify(role)}` : JSON.stringify(role), properties.PolicyDocument);
    }
  }
  for (const { stack, id, properties } of ofType('AWS::IAM::Role')) {
    for (const { PolicyDocument } of properties.Policies ?? []) {
      add(`${stack} ${JSON.stringify({ Ref: id })}`, PolicyDocument);
    }
  }
  return sizes;
}

describe(`an environment of ${MODELS} models`, () => {
  test('has stacks for all of them', () => {
    expect(templates.length).toBeGreaterThanOrEqual(2 * MODELS);
  });

  test('keeps the inline policies of every role within what IAM takes', () => {
    const sizes = inlinePolicies();
    expect(sizes.size).toBeGreaterThan(5 * MODELS);
    expect([...sizes].filter(([, total]) => total > INLINE_POLICIES_PER_ROLE)).toEqual([]);
  });

  test('counts policies at about their length', () => {
    const [persona] = [...inlinePolicies()].filter(([role]) => role.includes('PersonasMlEngineer'));
    expect(persona?.[1]).toBeGreaterThan(3000);
  });

  test('keeps every managed policy within what IAM takes', () => {
    const policies = ofType('AWS::IAM::ManagedPolicy');
    expect(policies.length).toBeGreaterThan(0);
    expect(policies.filter(({ properties }) => size(properties.PolicyDocument) > MANAGED_POLICY)).toEqual([]);
  });

  test('keeps every template within what CloudFormation takes', () => {
    const counts = templates.map(([stack, template]) => {
      const { Resources = {}, Outputs = {} } = template.toJSON() as { Resources?: object; Outputs?: object };
      return {
        stack,
        resources: Object.keys(Resources).length,
        outputs: Object.keys(Outputs).length,
        bytes: JSON.stringify(template.toJSON()).length,
      };
    });
    expect(
      counts.filter(
        ({ resources, outputs, bytes }) =>
          resources > RESOURCES_PER_TEMPLATE || outputs > OUTPUTS_PER_TEMPLATE || bytes > TEMPLATE_BYTES,
      ),
    ).toEqual([]);
    expect(Math.max(...counts.map(({ resources }) => resources))).toBeGreaterThan(20);
  });
});

import * as autoScaling from '@aws-sdk/client-application-auto-scaling';
import * as sageMaker from '@aws-sdk/client-sagemaker';
import type { Json } from '../../../../../core/json';
import { Dispatcher } from '../../../../../local/sagemaker/api/dispatcher';
import { limitViolations } from '../../../../../local/sagemaker/api/request-limits';
import tables from '../../../../../local/sagemaker/api/request-limits.json';
import { ServiceModel } from '../../../../../local/sagemaker/api/service-model';

const MODELS = [
  new ServiceModel('SageMaker', 'SageMaker', sageMaker),
  new ServiceModel('Application Auto Scaling', 'AnyScaleFrontendService', autoScaling),
] as const;
const [model] = MODELS;

function violations(action: string, request: Json): readonly string[] {
  const found = model.action(action);
  if (!found) throw new Error(`no ${action}`);
  return limitViolations('SageMaker', action, found.input, request);
}

describe('the limits of a request', () => {
  test.each([
    [
      'text of the wrong form',
      'DescribeModel',
      { ModelName: '../up' },
      "Value '../up' at 'modelName'",
      'regular expression pattern: ',
    ],
    [
      'text of more than its form',
      'DescribeModel',
      { ModelName: 'model\n' },
      "'modelName'",
      'regular expression pattern: ',
    ],
    [
      'text that is too long',
      'DescribeModel',
      { ModelName: 'm'.repeat(64) },
      "'modelName'",
      'length less than or equal to 63',
    ],
    [
      'text that is too short',
      'CreatePipeline',
      { ClientRequestToken: 'x'.repeat(31) },
      "'clientRequestToken'",
      'length greater than or equal to 32',
    ],
    [
      'a value that is no choice',
      'ListModels',
      { SortOrder: 'Up' },
      "Value 'Up' at 'sortOrder'",
      'enum value set: [Ascending, Descending]',
    ],
    [
      'a number that is too small',
      'ListModels',
      { MaxResults: 0 },
      "Value '0' at 'maxResults'",
      'value greater than or equal to 1',
    ],
    [
      'a negative number',
      'ListModels',
      { MaxResults: -1 },
      "Value '-1' at 'maxResults'",
      'value greater than or equal to 1',
    ],
    [
      'a number that is too large',
      'ListModels',
      { MaxResults: 101 },
      "Value '101' at 'maxResults'",
      'value less than or equal to 100',
    ],
    ['a broken number', 'ListModels', { MaxResults: 1.5 }, "Value '1.5' at 'maxResults'", 'a whole number'],
    [
      'a list with too little',
      'CreateEndpointConfig',
      { ProductionVariants: [] },
      "Value at 'productionVariants'",
      'length greater than or equal to 1',
    ],
    [
      'a list with too much',
      'AddTags',
      { Tags: Array.from({ length: 51 }, () => ({ Key: 'a', Value: 'b' })) },
      "Value at 'tags'",
      'length less than or equal to 50',
    ],
    ['an element', 'AddTags', { Tags: [{ Key: 'a', Value: '#' }] }, "Value '#' at 'tags.1.member.value'", 'pattern'],
    [
      'a value of a map',
      'CreateModel',
      { PrimaryContainer: { Environment: { A: 'b'.repeat(1025) } } },
      "'primaryContainer.environment.A'",
      'length less than or equal to 1024',
    ],
    [
      'a key of a map',
      'CreateModel',
      { PrimaryContainer: { Environment: { '1a': 'b' } } },
      "Value '1a' at 'primaryContainer.environment.1a'",
      'pattern',
    ],
  ])('forbid %s, and say where', (_, action, request, at, constraint) => {
    const [violation, ...others] = violations(action, request);
    expect(others).toEqual([]);
    expect(violation).toContain(`${at} failed to satisfy constraint: Member must`);
    expect(violation).toContain(constraint);
  });

  test.each([
    ['DescribeModel', { ModelName: 'm' }],
    ['DescribeModel', { ModelName: 'm'.repeat(63) }],
    ['ListModels', { MaxResults: 1 }],
    ['ListModels', { MaxResults: 100, NameContains: null }],
    ['CreatePipeline', { ClientRequestToken: 'x'.repeat(32), PipelineDefinition: 'a\u2028 b' }],
    ['CreatePipeline', { Tags: [] }],
  ])('allow %s of %j, which is just within them', (action, request) => {
    expect(violations(action, request as Json)).toEqual([]);
  });

  test('are there for every action that has a table, under the name that the SDK knows', () => {
    for (const { targetPrefix, action } of MODELS.map((one) => ({
      targetPrefix: one.targetPrefix,
      action: (name: string) => one.action(name),
    })))
      for (const [name, shape] of Object.entries(tables[targetPrefix as 'SageMaker'].actions))
        expect(action(name)?.input).toMatchObject({ name: shape });
  });

  test('have patterns that can be compiled', () => {
    for (const { targetPrefix } of MODELS)
      for (const shape of Object.values(tables[targetPrefix as 'SageMaker'].shapes) as { pattern?: string }[])
        expect(() => new RegExp(shape.pattern ?? '', 'u')).not.toThrow();
  });

  test('are none for a service or an action without a table', () => {
    const shape = { kind: 'structure', name: 'X', members: new Map() } as const;
    expect(limitViolations('Other', 'DescribeModel', shape, { ModelName: '' })).toEqual([]);
    expect(limitViolations('SageMaker', 'constructor', shape, {})).toEqual([]);
  });
});

describe('a service', () => {
  test('refuses a request for all of its reasons at once, before the operation runs', async () => {
    const ran: string[] = [];
    const dispatcher = new Dispatcher(
      model,
      () => ({ CreateModel: () => (ran.push('ran'), {}) }),
      () => undefined,
    );
    await expect(dispatcher.answer('CreateModel', { ExecutionRoleArn: 'role', Nam: 'x' })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(
        /^3 validation errors detected: Value null at 'modelName' .*'nam' .*Value 'role' at 'executionRoleArn' .*length greater than or equal to 20.*/,
      ),
    });
    expect(ran).toEqual([]);
  });
});

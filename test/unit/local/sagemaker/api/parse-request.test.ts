import * as sageMaker from '@aws-sdk/client-sagemaker';
import type { Json } from '../../../../../core/json';
import { parseRequest } from '../../../../../local/sagemaker/api/parse-request';
import { ServiceModel } from '../../../../../local/sagemaker/api/service-model';

const model = new ServiceModel('SageMaker', 'SageMaker', sageMaker);

function parse(action: string, json: Json) {
  const found = model.action(action);
  if (!found) throw new Error(`no ${action}`);
  return parseRequest(found.input, json);
}

describe('a request', () => {
  test('leaves out members that are null, as the service does', () => {
    expect(parse('CreateModel', { ModelName: 'm', VpcConfig: null })).toEqual({ ModelName: 'm' });
  });

  test('brings times into one form, whether they come as seconds or as text', () => {
    expect(parse('ListModels', { CreationTimeAfter: 1767225600.5 })).toEqual({
      CreationTimeAfter: '2026-01-01T00:00:00.500Z',
    });
    expect(parse('ListModels', { CreationTimeAfter: '2026-01-01T00:00:00Z' })).toEqual({
      CreationTimeAfter: '2026-01-01T00:00:00.000Z',
    });
  });

  test('is told of everything that is missing or unknown at once, in the words of the service', () => {
    expect(() => parse('CreateEndpointConfig', { ProductionVariants: [{ VariantNam: 'a' }] })).toThrow(
      /^3 validation errors detected: Value null at 'endpointConfigName' failed to satisfy constraint: Member must not be null; Value null at 'productionVariants\.1\.member\.variantName' .*; Value at 'productionVariants\.1\.member\.variantNam' .* Member must be one of \[VariantName, /,
    );
  });

  test.each([
    [{ ModelName: 3 }, "Value at 'modelName' can not be converted to a string, got 3"],
    [{ ModelName: 'm', EnableNetworkIsolation: 'true' }, "'enableNetworkIsolation' can not be converted to a boolean"],
    [{ ModelName: 'm', Containers: {} }, "'containers' can not be converted to a list"],
    [{ ModelName: 'm', Containers: [null] }, "'containers.1.member' can not be converted to a structure, got null"],
    [{ ModelName: 'm', PrimaryContainer: [] }, "'primaryContainer' can not be converted to a structure"],
    [{ ModelName: 'm', PrimaryContainer: { Environment: { A: 1 } } }, "'primaryContainer.environment.A' can not be"],
    [[], 'the request can not be converted to a structure'],
    ['x', 'the request can not be converted to a structure'],
  ])('refuses %j, which has a value of the wrong type', (json, message) => {
    expect(() => parse('CreateModel', json)).toThrow(message);
  });

  test.each(['tomorrow', true, {}])('refuses %j as a time', (time) => {
    expect(() => parse('ListModels', { CreationTimeAfter: time })).toThrow(
      "'creationTimeAfter' can not be converted to a timestamp",
    );
  });

  test('does not take what every object inherits for a member', () => {
    expect(() => parse('ListModels', JSON.parse('{"__proto__": {"a": 1}, "constructor": 1}') as Json)).toThrow(
      '2 validation errors detected',
    );
    expect(model.action('constructor')).toBeUndefined();
  });
});

describe('the SDK that we are built with', () => {
  test('has schemas that we can read, all of them', () => {
    const actions = Object.keys(sageMaker).flatMap((name) =>
      /^[A-Z].*Command$/.test(name) ? [name.slice(0, -'Command'.length)] : [],
    );
    expect(actions.length).toBeGreaterThan(300);
    for (const action of actions) expect(model.action(action)).toMatchObject({ input: { kind: 'structure' } });
  });
});

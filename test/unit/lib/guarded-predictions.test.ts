import type { ModelInput } from '../../../config/model-spec';
import { defineModels } from '../../../config/schema';
import { model } from '../config/smallest';
import { platform, resourcesOf, templateOf } from './platform';

type Rollout = ModelInput['rollout'];

function serving(rollout: Rollout) {
  return templateOf(platform(defineModels({ churn: model({ rollout }) })), 'Serving-churn');
}

const handlers = (rollout: Rollout): readonly unknown[] =>
  Object.values(resourcesOf(serving(rollout)))
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties?.Handler);

describe('the serving stack of a model', () => {
  test('compares predictions where their guard is on, and only there', () => {
    const on = handlers({ kind: 'canary', guards: { predictionShift: {} } });
    expect(on).toContain('capture-object-created.handler');
    expect(handlers({ kind: 'canary' })).not.toContain('capture-object-created.handler');
  });

  test('captures each release to a place of its own, or their predictions could not be told apart', () => {
    const configs = Object.values(resourcesOf(serving({ kind: 'canary' }))).filter(
      ({ Type }) => Type === 'AWS::SageMaker::EndpointConfig',
    );
    expect(configs).toHaveLength(1);
    expect(JSON.stringify(configs)).toContain(
      '"/churn/",{"Fn::Select":[2,{"Fn::Split":["/",{"Fn::Join":["",[{"Ref":"ReleasedModelPackage"},"/-/-"]]}]}]}',
    );
  });
});

import type { ModelInput } from '../../../config/model-spec';
import { defineModels } from '../../../config/schema';
import { GUARDS_OUTPUT } from '../../../core/names';
import { WatchedGuards } from '../../../core/release/guards/watched-guards';
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

  test.each([
    [{ kind: 'linear', whenInconclusive: 'rollBack' }, 'rollBack', 5 * 300 + 300],
    [{ kind: 'canary' }, 'proceed', 2 * 600 + 300],
    [{ kind: 'allAtOnce' }, null, 300],
  ] as const)(
    'says which alarms guard a release by %j, for those who judge it afterwards',
    (rollout, whenInconclusive, seconds) => {
      const made = serving(rollout);
      const output = made.findOutputs(GUARDS_OUTPUT)[GUARDS_OUTPUT] as { Value: { 'Fn::Join': [string, unknown[]] } };
      const [, parts] = output.Value['Fn::Join'];
      const text = parts.map((part) => (typeof part === 'string' ? part : (part as { Ref: string }).Ref)).join('');
      const watched = WatchedGuards.parse(JSON.parse(text));
      expect(watched).toMatchObject({ whenInconclusive, watchSeconds: seconds });
      expect(watched.guards.map(({ guard }) => guard)).toEqual(['ErrorRate', 'Latency']);
      for (const { alarmName } of watched.guards)
        expect(resourcesOf(made)[alarmName]).toMatchObject({ Type: 'AWS::CloudWatch::Alarm' });
    },
  );
});

import { models } from '../../config/models';
import { drawDefinition } from '../../pipelines/draw';
import { renderSageMaker } from '../../pipelines/render/sagemaker';
import { standardPipeline } from '../../pipelines/standard-pipeline';
import { standard } from '../unit/pipelines/smallest';
import { abridge } from './abridge';
import { outline } from './outline';
import { expectGolden } from './expect-golden';

const definition = renderSageMaker(
  standardPipeline(standard({}, { modelName: 'flight-delay', modelPackageGroupName: 'test-flight-delay', spec: models['flight-delay'] })),
);

describe('the pipeline of flight-delay', () => {
  test('is drawn as it was reviewed', () => {
    expectGolden('pipeline/flight-delay-drawing.txt', `${drawDefinition(definition)}\n`);
  });

  test('reaches SageMaker as it was reviewed', () => {
    expectGolden('pipeline/flight-delay-definition.txt', `${outline(abridge(definition))}\n`);
  });
});

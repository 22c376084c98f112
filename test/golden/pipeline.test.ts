import { models } from '../../config/models';
import { drawDefinition } from '../../pipelines/draw';
import { renderSageMaker } from '../../pipelines/render/sagemaker';
import { standardPipeline } from '../../pipelines/standard-pipeline';
import { standard } from '../unit/pipelines/smallest';
import { abridge } from './abridge';
import { expectGolden } from './expect-golden';
import { outline } from './outline';

const spec = models['flight-delay'];
const names = { modelName: 'flight-delay', modelPackageGroupName: 'test-flight-delay' };
const definition = renderSageMaker(standardPipeline(standard({}, { ...names, spec })));

describe('the pipeline of flight-delay', () => {
  test('is drawn as it was reviewed', () => {
    expectGolden('pipeline/flight-delay-drawing.txt', `${drawDefinition(definition)}\n`);
  });

  test('reaches SageMaker as it was reviewed', () => {
    expectGolden('pipeline/flight-delay-definition.txt', `${outline(abridge(definition))}\n`);
  });
});

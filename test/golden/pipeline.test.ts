import { models } from '../../config/models';
import { drawDefinition } from '../../pipelines/draw';
import { renderSageMaker } from '../../pipelines/render/sagemaker';
import { standardPipeline } from '../../pipelines/standard-pipeline';
import { standard } from '../unit/pipelines/smallest';
import { expectGolden } from './expect-golden';

const definition = renderSageMaker(
  standardPipeline(standard({}, { modelName: 'flight-delay', spec: models['flight-delay'] })),
);

test('the pipeline of flight-delay is drawn as it was reviewed', () => {
  expectGolden('pipeline/flight-delay.txt', `${drawDefinition(definition)}\n`);
});

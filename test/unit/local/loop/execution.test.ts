import {
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineExecutionsCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import { runPipeline } from '../../../../local/loop/execution';
import type { Target } from '../../../../local/loop/target';

/** A SageMaker with one execution, `old`, and one that is made when it is asked to start one, `new`. */
function sageMaker(old: { readonly listed: string; readonly described: readonly string[] }) {
  const answers = [...old.described];
  const send = jest.fn(async (command: unknown) => {
    if (command instanceof ListPipelineExecutionsCommand)
      return { PipelineExecutionSummaries: [{ PipelineExecutionArn: 'old', PipelineExecutionStatus: old.listed }] };
    if (command instanceof StartPipelineExecutionCommand) return { PipelineExecutionArn: 'new' };
    if (command instanceof ListPipelineExecutionStepsCommand) return { PipelineExecutionSteps: [] };
    if (!(command instanceof DescribePipelineExecutionCommand)) throw new Error('not expected');
    if (command.input.PipelineExecutionArn === 'new') return { PipelineExecutionStatus: 'Succeeded' };
    return { PipelineExecutionStatus: answers.length > 1 ? answers.shift() : answers[0] };
  });
  return { name: 'local-flight-delay', clients: { sageMaker: { send } } } as unknown as Target;
}

describe('running the pipeline', () => {
  test('goes on with an execution that still runs', async () => {
    const said: string[] = [];
    const target = sageMaker({ listed: 'Executing', described: ['Executing', 'Executing', 'Succeeded'] });
    expect(await runPipeline(target, (what) => said.push(what))).toMatchObject({ arn: 'old', status: 'Succeeded' });
    expect(said[0]).toBe('going on with the execution of the last run');
  });

  test('starts another one if the last has ended, though a list has it as executing', async () => {
    const target = sageMaker({ listed: 'Executing', described: ['Failed'] });
    expect(await runPipeline(target, () => undefined)).toMatchObject({ arn: 'new', status: 'Succeeded' });
  });
});

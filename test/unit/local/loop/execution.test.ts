import {
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineExecutionsCommand,
  ListPipelineParametersForExecutionCommand,
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
    if (command instanceof ListPipelineParametersForExecutionCommand)
      return { PipelineParameters: [{ Name: 'GateRocAucAtLeast', Value: '0.6' }] };
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

  test.each([
    ['0.6', 'old'],
    ['0.60', 'old'],
    ['', 'new'],
    ['0.99', 'new'],
  ])('goes on with it only if it has the parameters that are asked for: %s', async (GateRocAucAtLeast, arn) => {
    const target = sageMaker({ listed: 'Executing', described: ['Executing', 'Succeeded'] });
    const parameters = { GateRocAucAtLeast };
    expect(await runPipeline(target, () => undefined, { parameters })).toMatchObject({ arn, status: 'Succeeded' });
  });

  test('starts another one if the last has ended, though a list has it as executing', async () => {
    const target = sageMaker({ listed: 'Executing', described: ['Failed'] });
    expect(await runPipeline(target, () => undefined)).toMatchObject({ arn: 'new', status: 'Succeeded' });
  });

  test('ends only when what runs beside it has ended too', async () => {
    let end: () => void = () => undefined;
    const beside = new Promise<void>((resolve) => void (end = resolve));
    let ended = false;
    const run = runPipeline(sageMaker({ listed: 'Succeeded', described: ['Succeeded'] }), () => undefined, { beside });
    void run.then(() => void (ended = true));
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    end();
    expect(await run).toMatchObject({ arn: 'new', status: 'Succeeded' });
  });

  test('fails with what runs beside it, and follows the execution no longer', async () => {
    const target = sageMaker({ listed: 'Executing', described: ['Executing'] });
    const fault = new Error('no such migration');
    await expect(runPipeline(target, () => undefined, { beside: Promise.reject(fault) })).rejects.toBe(fault);
  });
});

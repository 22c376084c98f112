import {
  DescribePipelineExecutionCommand,
  ListPipelineExecutionStepsCommand,
  ListPipelineExecutionsCommand,
  ListPipelineParametersForExecutionCommand,
  SageMakerClient,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import { latestExecutionWith, parametersOf, runPipeline } from '../../../../local/loop/execution';
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
  return target(send);
}

function target(send: (command: unknown) => Promise<object>): Target {
  // A real client: the SDK follows pages of no other.
  const sageMaker = Object.assign(new SageMakerClient({ region: 'us-east-1' }), { send });
  return { name: 'local-flight-delay', clients: { sageMaker } } as unknown as Target;
}

/** Items in pages of `size`, whatever is asked for. */
function page<T>(items: readonly T[], size: number, token = '0') {
  const next = Number(token) + size;
  return { items: items.slice(Number(token), next), NextToken: next < items.length ? String(next) : undefined };
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

describe('what SageMaker lists in pages', () => {
  const steps = Array.from({ length: 250 }, (_, index) => ({
    StepName: index === 249 ? 'Last' : `Step${index}`,
    StepStatus: 'Succeeded',
  }));
  const parameters = Array.from({ length: 150 }, (_, index) => ({ Name: `P${index}`, Value: String(index) }));
  const executions = Array.from({ length: 45 }, (_, index) => ({ PipelineExecutionArn: `arn/${index}` }));

  const paged = (withSteps: (arn: string) => boolean = () => true) =>
    target(async (command) => {
      if (command instanceof StartPipelineExecutionCommand) return { PipelineExecutionArn: 'arn/new' };
      if (command instanceof DescribePipelineExecutionCommand) return { PipelineExecutionStatus: 'Succeeded' };
      if (command instanceof ListPipelineExecutionsCommand) {
        const { items, NextToken } = page(executions, 20, command.input.NextToken);
        return { PipelineExecutionSummaries: items, NextToken };
      }
      if (command instanceof ListPipelineParametersForExecutionCommand) {
        const { items, NextToken } = page(parameters, 100, command.input.NextToken);
        return { PipelineParameters: items, NextToken };
      }
      if (!(command instanceof ListPipelineExecutionStepsCommand)) throw new Error('not expected');
      const found = withSteps(command.input.PipelineExecutionArn ?? '') ? steps : [];
      const { items, NextToken } = page(found, 100, command.input.NextToken);
      return { PipelineExecutionSteps: items, NextToken };
    });

  test('is read to its end: the steps of an execution, in their order', async () => {
    expect((await runPipeline(paged(), () => undefined)).steps).toEqual(steps);
  });

  test('is read to its end: the parameters of an execution', async () => {
    expect(Object.entries(await parametersOf(paged(), 'arn'))).toHaveLength(150);
  });

  test('is read to its end: the executions, of which one had a step', async () => {
    const target = paged((arn) => arn === 'arn/44');
    expect(await latestExecutionWith(target, 'Last')).toMatchObject({ arn: 'arn/44' });
    expect(await latestExecutionWith(target, 'Never')).toBeUndefined();
  });
});

import type { ConditionStep, PipelineDefinition, RegisterStep, Step } from '../../../pipelines/definition';
import { renderSageMaker } from '../../../pipelines/render/sagemaker';
import { standardPipeline } from '../../../pipelines/standard-pipeline';
import { standard } from './smallest';

const TUNING = {
  objective: { metric: 'auc', direction: 'maximize' },
  maxJobs: 4,
  ranges: { depth: { kind: 'integer', min: 1, max: 3 } },
} as const;

function steps(definition: PipelineDefinition): Readonly<Record<string, Step>> {
  const all = definition.steps.flatMap((step) =>
    step.kind === 'condition' ? [step, ...step.ifTrue, ...step.ifFalse] : [step],
  );
  return Object.fromEntries(all.map((step) => [step.name, step]));
}

describe('the standard pipeline', () => {
  const definition = standardPipeline(standard());
  const { Prepare, ValidateData, Train, Evaluate, Gate, Register, Reject } = steps(definition);

  test('prepares, validates, trains, evaluates, and registers or rejects', () => {
    expect(definition.steps.map(({ name }) => name)).toEqual(['Prepare', 'ValidateData', 'Train', 'Evaluate', 'Gate']);
    expect((Gate as ConditionStep).ifTrue).toEqual([Register]);
    expect((Gate as ConditionStep).ifFalse).toEqual([Reject]);
  });

  test('tunes instead of training where the model asks for it', () => {
    const { Tune, Train: none } = steps(standardPipeline(standard({ tuning: TUNING })));
    expect(none).toBeUndefined();
    expect(Tune).toMatchObject({
      kind: 'tuning',
      strategy: 'Random',
      maxJobs: 4,
      ranges: { depth: { min: 1, max: 3 } },
    });
  });

  test('trains only on data that was found valid, though it reads nothing of the validation', () => {
    expect(Train).toMatchObject({ dependsOn: [ValidateData?.name] });
  });

  test('keeps the test data from training and the training data from evaluation', () => {
    expect(Object.keys((Train as { channels: object }).channels)).toEqual(['train', 'validation']);
    expect(Object.keys((Evaluate as { inputs: object }).inputs)).toEqual(['model', 'test', 'profile']);
  });

  test('begins all keys of the model with its name', () => {
    expect(Prepare).toMatchObject({ inputs: { raw: 's3://raw/churn/' } });
    expect(definition.runtime).toMatchObject({ workspaceUri: 's3://curated/churn', modelsUri: 's3://models/churn' });
  });

  test('keeps what the model is judged by with the models', () => {
    expect(Evaluate).toMatchObject({ outputsTo: 'models' });
    expect(Prepare).toMatchObject({ outputsTo: 'workspace' });
  });

  test('caches every job for 30 days but the one that reads raw data, which change while their address stays', () => {
    for (const step of [ValidateData, Train, Evaluate]) expect(step).toMatchObject({ cacheDays: 30 });
    expect(Prepare).toMatchObject({ cacheDays: 0 });
  });

  test('caches that one too where the cache looks at what an input holds', () => {
    const seeing = steps(standardPipeline(standard({}, { cacheSeesContents: true })));
    expect(seeing['Prepare']).toMatchObject({ cacheDays: 30 });
  });

  test('hands on the machine, the options and the hyperparameters of the model', () => {
    const changed = steps(
      standardPipeline(
        standard({
          preparation: { months: '1-6' },
          hyperparameters: { seed: 1 },
          training: { instanceType: 'ml.c5.xlarge', volumeGb: 50, maxRuntimeMinutes: 90 },
        }),
      ),
    );
    const compute = { instanceType: 'ml.c5.xlarge', instanceCount: 1, volumeGb: 50, maxRuntimeMinutes: 90 };
    expect(changed['Prepare']).toMatchObject({ script: 'churn/prepare.py', arguments: { months: '1-6' }, compute });
    expect(changed['Train']).toMatchObject({ hyperparameters: { seed: 1 }, compute });
  });

  describe('whose gates ask for the champion to be beaten', () => {
    const gates = [
      { metric: 'roc_auc', atLeast: 0.7, beatsChampion: { confidence: 0.9, margin: 0.01 } },
      { metric: 'log_loss', atMost: 0.5, beatsChampion: {} },
      { metric: 'f1', atLeast: 0 },
    ];
    const challenged = steps(standardPipeline(standard({ gates })));

    test('gives Evaluate the model that serves, and says how sure it has to be', () => {
      expect(challenged['Evaluate']).toMatchObject({
        inputs: { champion: 's3://models/churn/champion/' },
        arguments: { 'beats-champion': 'roc_auc:maximize:0.9:0.01,log_loss:minimize:0.95:0' },
      });
    });

    test("doesn't cache Evaluate, since what the champion's folder holds changes", () => {
      expect(challenged['Evaluate']).toMatchObject({ cacheDays: 0 });
      expect(challenged['ValidateData']).toMatchObject({ cacheDays: 30 });
    });

    test('keeps the bounds beside, and registers nothing that does not beat it', () => {
      const compared = (challenged['Gate'] as ConditionStep).all.map(({ left, operator, right }) => [
        (left as { path?: string }).path,
        operator,
        typeof right === 'object' ? 'a parameter' : right,
      ]);
      expect(compared).toEqual([
        ['metrics.roc_auc.value', 'atLeast', 'a parameter'],
        ['metrics.log_loss.value', 'atMost', 'a parameter'],
        ['metrics.f1.value', 'atLeast', 'a parameter'],
        ['champion.challenges.roc_auc.beaten', 'atLeast', 1],
        ['champion.challenges.log_loss.beaten', 'atLeast', 1],
      ]);
      expect(JSON.stringify(challenged['Reject'])).toContain('roc_auc beats the champion (1) or not (0): ');
    });

    test('renders to a definition that SageMaker takes', () => {
      expect(JSON.stringify(renderSageMaker(standardPipeline(standard({ gates }))))).toContain('"champion"');
    });
  });

  test('makes a parameter of every gate, and holds the measured value to it', () => {
    const gates = [
      { metric: 'roc_auc', atLeast: 0.7 },
      { metric: 'log_loss', atMost: 0 },
    ];
    const both = standardPipeline(standard({ gates }));
    expect(both.parameters.slice(1)).toEqual([
      { kind: 'parameter', name: 'GateRocAucAtLeast', type: 'float', defaultValue: 0.7 },
      { kind: 'parameter', name: 'GateLogLossAtMost', type: 'float', defaultValue: 0 },
    ]);
    expect(steps(both)['Gate']).toMatchObject({
      all: [
        { left: { path: 'metrics.roc_auc.value' }, operator: 'atLeast', right: { name: 'GateRocAucAtLeast' } },
        { left: { path: 'metrics.log_loss.value' }, operator: 'atMost', right: { name: 'GateLogLossAtMost' } },
      ],
    });
  });

  test('says why it rejects, in the singular and in the plural', () => {
    const words = (step: Step | undefined) =>
      (step as { message: { parts: readonly unknown[] } }).message.parts.filter((part) => typeof part === 'string');
    expect(words(Reject)).toEqual(["churn: the gate wasn't met: ", 'roc_auc is ', ' and has to be at least ']);
    const gates = [
      { metric: 'roc_auc', atLeast: 0.7 },
      { metric: 'log_loss', atMost: 0.5 },
    ];
    expect(words(steps(standardPipeline(standard({ gates })))['Reject'])).toEqual([
      'churn: not every gate was met: ',
      'roc_auc is ',
      ' and has to be at least ',
      '; log_loss is ',
      ' and has to be at most ',
    ]);
  });

  test('registers the model with the evidence for it', () => {
    expect(Register).toMatchObject({
      group: 'test-churn',
      script: 'churn/serve.py',
      model: { kind: 'modelArtifacts', step: 'Train' },
      evaluation: { step: 'Evaluate', output: 'evaluation', file: 'evaluation.json' },
      metadata: {
        pipeline_execution_id: { kind: 'execution', variable: 'id' },
        data_sha256: { kind: 'metric', path: 'data_sha256' },
        model_sha256: { kind: 'metric', path: 'model_sha256' },
        roc_auc: { kind: 'metric', path: 'metrics.roc_auc.value' },
      },
    });
  });

  test('has the documented defaults', () => {
    expect(definition.parameters[0]).toEqual({
      kind: 'parameter',
      name: 'ModelApprovalStatus',
      type: 'string',
      defaultValue: 'PendingManualApproval',
      values: ['Approved', 'PendingManualApproval', 'Rejected'],
    });
    expect(definition.runtime).toMatchObject({ environment: {}, encryptionKey: undefined, network: undefined });
  });

  test('isolates its containers only where that is asked for', () => {
    const network = { subnets: ['subnet-1'], securityGroupIds: ['sg-1'] };
    const of = (given: object) => standardPipeline(standard({}, { network: { ...network, ...given } })).runtime.network;
    expect(of({})).toEqual({ ...network, isolated: false });
    expect(of({ isolated: true })).toEqual({ ...network, isolated: true });
  });

  test('hands on the status, the key and the environment', () => {
    const given = standardPipeline(
      standard({}, { approvalStatus: 'Approved', kmsKeyId: 'key', containerEnvironment: { STAGE: 'test' } }),
    );
    expect(given.parameters[0]).toMatchObject({ defaultValue: 'Approved' });
    expect(given.runtime).toMatchObject({ encryptionKey: 'key', environment: { STAGE: 'test' } });
  });

  describe('of a model that serves by batch', () => {
    const batch = (inPipeline?: boolean) =>
      steps(
        standardPipeline(
          standard({
            serving: { mode: 'batch', instanceType: 'ml.m5.xlarge', instanceCount: 2, maxPayloadMb: 20, inPipeline },
            rollout: { kind: 'allAtOnce' },
          }),
        ),
      );

    test('asks nothing of the new version unless that is asked for', () => {
      expect(batch().Score).toBeUndefined();
      expect(Register).not.toMatchObject({ dependsOn: ['Score'] });
    });

    test('asks the new version about the input, and registers only what has answered', () => {
      const { Score, Gate: gate, Register: registered } = batch(true);
      expect(Score).toMatchObject({
        kind: 'batchTransform',
        model: { kind: 'modelArtifacts', step: 'Train' },
        script: 'churn/serve.py',
        input: 's3://curated/churn/batch/input/',
        compute: { instanceType: 'ml.m5.xlarge', instanceCount: 2 },
        records: { maxPayloadMb: 20, splitType: 'Line', joinInput: true },
      });
      expect((gate as ConditionStep).ifTrue).toEqual([Score, registered]);
      expect(registered).toMatchObject({
        dependsOn: ['Score'],
        metadata: { batch_answers: { kind: 'answers', step: 'Score' } },
      });
    });

    test('renders to what SageMaker takes', () => {
      const serving = { mode: 'batch', inPipeline: true } as const;
      const { Steps } = renderSageMaker(standardPipeline(standard({ serving, rollout: { kind: 'allAtOnce' } })));
      const gate = Steps.at(-1) as unknown as { Arguments: { IfSteps: { Name: string; Type: string }[] } };
      expect(gate.Arguments.IfSteps.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
        'ScoreModel Model',
        'Score Transform',
        'Register RegisterModel',
      ]);
    });
  });
});

describe('the standard pipeline of a model that the ONNX server serves', () => {
  const definition = standardPipeline(standard({}, { serverImageUri: 'server-image' }));
  const { Gate, Export, Register } = steps(definition);

  test('exports what has passed the gates, and registers it with the server that the proof chose', () => {
    expect((Gate as ConditionStep).ifTrue).toEqual([Export, Register]);
    expect(Export).toMatchObject({
      script: 'common/export.py',
      inputs: { test: { step: 'Prepare', output: 'test' } },
      arguments: { 'python-image': 'image', 'onnx-image': 'server-image' },
      outputsTo: 'models',
    });
    expect(Register).toMatchObject({
      image: { kind: 'metric', step: 'Export', path: 'image' },
      model: { kind: 'output', step: 'Export', output: 'model', file: 'model.tar.gz' },
      metadata: { training_image: 'image', onnx_sha256: { kind: 'metric', step: 'Export', path: 'onnx_sha256' } },
    });
  });

  test('asks the batch input of the server and the model that it registers', () => {
    const serving = { mode: 'batch', inPipeline: true } as const;
    const props = standard({ serving, rollout: { kind: 'allAtOnce' } }, { serverImageUri: 'server-image' });
    const { Score, Register: registered, Gate: gate } = steps(standardPipeline(props));
    expect((gate as ConditionStep).ifTrue.map(({ name }) => name)).toEqual(['Export', 'Score', 'Register']);
    const { model, image, script } = registered as RegisterStep;
    expect(Score).toMatchObject({ model, image, script });
    expect(image).toEqual({ kind: 'metric', step: 'Export', file: 'Export', path: 'image' });
    const made = JSON.stringify(renderSageMaker(standardPipeline(props)));
    expect(made).toMatch(/"Name":"ScoreModel","Type":"Model","Arguments":\{[^}]*"PrimaryContainer":\{"Image":\{"Std:J/);
  });

  test('reaches SageMaker with the image read from the proof', () => {
    const json = JSON.stringify(renderSageMaker(definition));
    expect(json).toContain(
      '"Image":{"Std:Join":{"On":"","Values":[{"Std:JsonGet":{"PropertyFile":{"Get":"Steps.Export.PropertyFiles.Export"},"Path":"image"}}]}}',
    );
  });

  test('registers without an export where there is no such server', () => {
    const plain = steps(standardPipeline(standard()));
    expect(plain.Export).toBeUndefined();
    expect(plain.Register).not.toHaveProperty('image');
  });
});

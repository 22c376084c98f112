import { gateParameterName } from '../config/gate-parameter-name';
import type { Gate, ModelSpec } from '../config/model-spec';
import { championPrefix, ONNX_SHA256, PIPELINE_EXECUTION, TRAINING_IMAGE } from '../core/names';
import {
  batchTransform,
  condition,
  execution,
  fail,
  parameter,
  pipeline,
  processing,
  register,
  text,
  training,
  tuning,
} from './builder';
import type {
  BatchTransformStep,
  Comparison,
  Network,
  Parameter,
  PipelineDefinition,
  Reference,
  Value,
} from './definition';

export interface StandardPipelineProps {
  readonly environmentName: string;
  /** As in `config/models.ts`. It begins the key of every object of the model, in every bucket. */
  readonly modelName: string;
  readonly spec: ModelSpec;
  readonly imageUri: string;
  /** Of the ONNX model server. @default - none: the model is served as it was trained, by `imageUri` */
  readonly serverImageUri?: string;
  /** What the jobs run as. */
  readonly roleArn: string;
  /** `s3://BUCKET` of the raw zone. */
  readonly rawUri: string;
  /** `s3://BUCKET` of the curated zone. */
  readonly curatedUri: string;
  /** `s3://BUCKET` of the zone for models. */
  readonly modelsUri: string;
  readonly modelPackageGroupName: string;
  /** Encrypts outputs and disks. @default - the buckets' own keys, and the service's for disks */
  readonly kmsKeyId?: string;
  /** @default - the service's own network */
  readonly network?: Omit<Network, 'isolated'> & {
    /** Containers reach nothing but the data that they are given. @default false */
    readonly isolated?: boolean;
  };
  /** With which status a package is registered, if whoever starts the pipeline doesn't say. @default 'PendingManualApproval' */
  readonly approvalStatus?: 'Approved' | 'PendingManualApproval';
  /**
   * Whether the cache of steps looks at what an input holds. SageMaker's compares addresses.
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-default-keys.html
   * @default false
   */
  readonly cacheSeesContents?: boolean;
  /** Variables of every container of the pipeline. @default {} */
  readonly containerEnvironment?: Readonly<Record<string, string>>;
}

/** For how long a step with the same code and inputs isn't run again. */
const CACHE_DAYS = 30;

/**
 * Prepare, validate the data, tune or train, evaluate, and register the model if it keeps every gate. Each gate's bound
 * is a parameter, so that one execution can be held to another one.
 */
export function standardPipeline(props: StandardPipelineProps): PipelineDefinition {
  const { modelName, spec, approvalStatus = 'PendingManualApproval', cacheSeesContents = false, network } = props;
  const script = (name: string) => `${spec.workload}/${name}.py`;
  const { instanceType, volumeGb, maxRuntimeMinutes } = spec.training;
  const job = { compute: { instanceType, volumeGb, maxRuntimeMinutes }, cacheDays: CACHE_DAYS };

  const prepare = processing('Prepare', {
    ...job,
    // The raw data of today have the address of yesterday's, and a cache of addresses would train on those. What follows reads
    // a folder of the execution's own, and so goes by this step.
    ...(!cacheSeesContents && { cacheDays: 0 }),
    script: script('prepare'),
    inputs: { raw: `${props.rawUri}/${modelName}/` },
    outputs: ['train', 'validation', 'test', 'profile'],
    arguments: spec.preparation,
  });
  const validate = processing('ValidateData', {
    ...job,
    script: script('validate'),
    inputs: {
      train: prepare.output('train'),
      validation: prepare.output('validation'),
      test: prepare.output('test'),
    },
    outputs: ['validation'],
  });
  const fit = {
    ...job,
    script: script('train'),
    channels: { train: prepare.output('train'), validation: prepare.output('validation') },
    hyperparameters: spec.hyperparameters,
    dependsOn: [validate],
  };
  const trained = spec.tuning ? tuning('Tune', { ...fit, ...spec.tuning }) : training('Train', fit);
  const challenges = spec.gates.flatMap(challengeOf);
  const evaluate = processing('Evaluate', {
    ...job,
    // What the champion's folder holds changes while its address doesn't, which is all that the cache looks at.
    ...(challenges.length > 0 && { cacheDays: 0 }),
    script: script('evaluate'),
    inputs: {
      model: trained.modelArtifacts,
      test: prepare.output('test'),
      profile: prepare.output('profile'),
      ...(challenges.length > 0 && { champion: `${props.modelsUri}/${championPrefix(modelName)}/` }),
    },
    outputs: ['evaluation'],
    outputsTo: 'models',
    metricFiles: { Evaluation: { output: 'evaluation', file: 'evaluation.json' } },
    arguments: {
      'model-name': modelName,
      ...(challenges.length > 0 && { 'beats-champion': challenges.map(({ text: asked }) => asked).join(',') }),
    },
  });

  const exported =
    props.serverImageUri === undefined
      ? undefined
      : processing('Export', {
          ...job,
          script: 'common/export.py',
          inputs: { model: trained.modelArtifacts, test: prepare.output('test') },
          outputs: ['model', 'export'],
          outputsTo: 'models',
          metricFiles: { Export: { output: 'export', file: 'export.json' } },
          arguments: { 'python-image': props.imageUri, 'onnx-image': props.serverImageUri },
        });
  const measured = (metric: string) => evaluate.metric('Evaluation', `metrics.${metric}.value`);
  const beaten = (metric: string) => evaluate.metric('Evaluation', `champion.challenges.${metric}.beaten`);
  const gates = spec.gates.map((gate) => ({ ...boundOf(gate), value: measured(gate.metric), metric: gate.metric }));
  const status = parameter('ModelApprovalStatus', 'string', approvalStatus, [
    'Approved',
    'PendingManualApproval',
    'Rejected',
  ]);
  const served = {
    model: exported?.output('model', 'model.tar.gz') ?? trained.modelArtifacts,
    // Which of the two servers it is, only the proof knows.
    ...(exported && { image: exported.metric('Export', 'image') }),
    script: script('serve'),
  };
  const scored = scoreOf(props, served);
  const gate = condition('Gate', {
    all: [
      ...gates.map(({ value, operator, bound }): Comparison => ({ left: value, operator, right: bound })),
      ...challenges.map(({ metric }): Comparison => ({ left: beaten(metric), operator: 'atLeast', right: 1 })),
    ],
    ifTrue: [
      ...(exported ? [exported] : []),
      ...scored,
      register('Register', {
        // What can't answer a batch isn't offered.
        dependsOn: scored,
        group: props.modelPackageGroupName,
        ...served,
        description: spec.description,
        evaluation: evaluate.output('evaluation', 'evaluation.json'),
        approvalStatus: status,
        metadata: {
          [PIPELINE_EXECUTION]: execution('id'),
          data_sha256: evaluate.metric('Evaluation', 'data_sha256'),
          model_sha256: evaluate.metric('Evaluation', 'model_sha256'),
          ...(exported && {
            [TRAINING_IMAGE]: props.imageUri,
            [ONNX_SHA256]: exported.metric('Export', 'onnx_sha256'),
          }),
          ...Object.fromEntries(scored.map(({ answers }) => ['batch_answers', answers])),
          ...Object.fromEntries(gates.map(({ metric, value }) => [metric, value])),
        },
      }),
    ],
    ifFalse: [
      fail('Reject', {
        message: rejection(
          modelName,
          gates,
          challenges.flatMap(({ metric }): Value[] => [
            `; ${metric} beats the champion (1) or not (0): `,
            beaten(metric),
          ]),
        ),
      }),
    ],
  });

  return pipeline(modelName, {
    description: spec.description,
    parameters: [status, ...gates.map(({ bound }) => bound)],
    steps: [prepare, validate, trained, evaluate, gate],
    runtime: {
      image: props.imageUri,
      identity: props.roleArn,
      workspaceUri: `${props.curatedUri}/${modelName}`,
      modelsUri: `${props.modelsUri}/${modelName}`,
      environment: props.containerEnvironment,
      encryptionKey: props.kmsKeyId,
      network: network && { isolated: false, ...network },
    },
  });
}

/** The step that asks the new version about the batch input, by the server that will have it, where the model's serving says so. */
function scoreOf(
  { modelName, spec, curatedUri }: StandardPipelineProps,
  served: Pick<BatchTransformStep, 'model' | 'image' | 'script'>,
) {
  const { serving } = spec;
  if (serving.mode !== 'batch' || !serving.inPipeline) return [];
  const { instanceType, instanceCount, inputPrefix } = serving;
  const { contentType, splitType, strategy, maxPayloadMb, maxConcurrentTransforms, joinInput } = serving;
  return [
    batchTransform('Score', {
      ...served,
      compute: { instanceType, instanceCount },
      input: `${curatedUri}/${modelName}/${inputPrefix}/`,
      records: { contentType, splitType, strategy, maxPayloadMb, maxConcurrentTransforms, joinInput },
    }),
  ];
}

interface Bound {
  readonly operator: 'atLeast' | 'atMost';
  readonly bound: Parameter;
}

function boundOf(gate: Gate): Bound {
  const [operator, bound] =
    'atLeast' in gate ? (['atLeast', gate.atLeast] as const) : (['atMost', gate.atMost] as const);
  return { operator, bound: parameter(gateParameterName(gate), 'float', bound) };
}

/** What evaluate.py is told of a gate that the champion has to be beaten on. */
function challengeOf(gate: Gate): { readonly metric: string; readonly text: string }[] {
  const { metric, beatsChampion } = gate;
  if (!beatsChampion) return [];
  const direction = 'atLeast' in gate ? 'maximize' : 'minimize';
  return [{ metric, text: `${metric}:${direction}:${beatsChampion.confidence}:${beatsChampion.margin}` }];
}

/** For example `churn: a gate wasn't met: roc_auc is 0.61 and has to be at least 0.66`. */
function rejection(
  modelName: string,
  gates: readonly (Bound & { metric: string; value: Reference })[],
  challenges: readonly Value[],
): Reference {
  const parts = gates.flatMap(({ metric, value, operator, bound }, index): Value[] => [
    `${index > 0 ? '; ' : ''}${metric} is `,
    value,
    operator === 'atLeast' ? ' and has to be at least ' : ' and has to be at most ',
    bound,
  ]);
  const what = gates.length + challenges.length === 1 ? "the gate wasn't met" : 'not every gate was met';
  return text(`${modelName}: ${what}: `, ...parts, ...challenges);
}

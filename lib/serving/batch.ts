import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { ServingOf } from '../../config/serving';
import { ApprovedModel } from '../../constructs/serving/approved-model';
import { BatchSchedule } from '../../constructs/serving/batch-schedule';
import { checkServiceRules } from '../../constructs/serving/service-rules';
import { SERVED_MODEL_OUTPUT } from '../../core/names';
import type { Served, ServingInputs } from './serving-inputs';

/** A release is as long as CloudFormation takes for one resource. */
const RELEASE = Duration.minutes(10);

const NOTHING_THAT_RUNS = {
  variants: [],
  shadowVariants: [],
  capturePercent: 0,
  vpc: true,
  networkIsolation: true,
  containers: 1,
  multiModel: false,
  marketplace: false,
  deployment: {
    policy: 'blueGreen',
    terminationWaitSeconds: 0,
    maximumExecutionSeconds: RELEASE.toSeconds(),
    rollbackAlarms: 0,
  },
} as const;

/**
 * The release as a Model and nothing that runs: transform jobs take it from the stack's output, whoever starts them, so
 * that a job which is begun after a release uses it.
 */
export function serveBatch(serving: ServingOf<'batch'>, inputs: ServingInputs): Served {
  const { stack, environment, modelName, spec, condition, lake, keys, registered } = inputs;
  checkServiceRules(`${stack.node.path}.serving`, {
    mode: 'batch',
    ...NOTHING_THAT_RUNS,
    batch: serving,
    deployment: { ...NOTHING_THAT_RUNS.deployment, rollout: spec.rollout },
  });
  const model = new ApprovedModel(stack, 'Model', {
    ...inputs,
    captures: false,
    guarded: false,
    runsAs: 'TransformJobs',
  });
  lake.grantRead(model.role, 'curated', `${modelName}/${serving.inputPrefix}`);
  lake.grantWrite(model.role, 'curated', `${modelName}/${serving.outputPrefix}`);
  const { schedule } = serving;
  const batches =
    schedule === undefined
      ? undefined
      : new BatchSchedule(stack, 'Batch', {
          modelName,
          resourceName: registered.name,
          model: model.resource,
          condition,
          serving,
          schedule,
          lake,
          keys,
          alarmAction: inputs.action,
          topic: inputs.topic,
          enabled: environment.schedules,
        });
  const output = new CfnOutput(stack, SERVED_MODEL_OUTPUT, { value: model.resource.attrModelName });
  output.condition = condition;
  return {
    executionRole: model.role,
    releaseLimit: RELEASE,
    ...(batches && { grantRelease: (grantee) => batches.grantRelease(grantee) }),
  };
}

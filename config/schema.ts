import { Faults } from '../core/faults';
import { modelName } from '../core/names';
import { autoscalingOf } from './autoscaling';
import { checkAutoscaling, checkScalingMode } from './check-autoscaling';
import { checkBatch } from './check-batch';
import { checkDistinct } from './check-distinct';
import { checkRegistries } from './check-registry';
import { checkClusters } from './cluster/check-cluster';
import { type EnvironmentInput, EnvironmentName, EnvironmentSpec } from './environment-spec';
import { TAKEN_VARIANTS } from './further-releases';
import { gateParameterName } from './gate-parameter-name';
import { checkKubernetes } from './kubernetes/check-kubernetes';
import { type ModelInput, ModelName, ModelSpec } from './model-spec';
import { parseEntries } from './parse';

/** Parses what `config/models.ts` holds. @throws InvalidInputError naming every mistake in it */
export function defineModels<const K extends string>(specs: Record<K, ModelInput>): Readonly<Record<K, ModelSpec>> {
  const file = 'config/models.ts';
  const faults = new Faults();
  const models = parseEntries(file, ModelName, ModelSpec, specs, faults);
  for (const [name, model] of Object.entries<ModelSpec>(models)) {
    checkScaling(`${file}: ${name}`, model, faults);
    if (model.serving.mode === 'batch') {
      checkBatch(model.serving, (setting) => `${file}: ${name}.serving.${setting}`, faults);
    }
    checkNames(`${file}: ${name}`, model, faults);
    for (const [parameter, range] of Object.entries(model.tuning?.ranges ?? {})) {
      const where = `${file}: ${name}.tuning.ranges.${parameter}`;
      if (range.kind !== 'categorical' && range.min >= range.max) {
        faults.add(where, `min must be below max, got ${range.min} and ${range.max}`, 'swap or widen the bounds');
      }
      if (range.kind !== 'categorical' && range.scaling === 'Logarithmic' && range.min <= 0) {
        faults.add(where, `logarithmic scaling needs a positive min, got ${range.min}`, 'raise min or use Linear');
      }
      if (model.tuning?.strategy === 'Grid' && range.kind !== 'categorical') {
        faults.add(
          where,
          `a grid search takes only categorical ranges, got ${range.kind}`,
          'list the values or use Random',
        );
      }
      if (parameter in model.hyperparameters) {
        faults.add(
          where,
          `is also fixed in hyperparameters, got ${model.hyperparameters[parameter]}`,
          'keep one of the two',
        );
      }
    }
  }
  faults.throwIfAny(file);
  return models;
}

/** Names that become ids: of constructs, and of the parameters of the pipeline. */
function checkNames(where: string, { serving, gates }: ModelSpec, faults: Faults): void {
  if (serving.mode === 'multi-variant') {
    checkDistinct(
      {
        names: serving.challengers.map(({ name }) => name),
        where: (index) => `${where}.serving.challengers.${index}.name`,
        taken: TAKEN_VARIANTS,
      },
      faults,
    );
  }
  const parameters = gates.map(gateParameterName);
  checkDistinct(
    {
      names: gates.map(({ metric }) => metric),
      where: (index) => `${where}.gates.${index}.metric`,
      become: (_, index) => parameters[index] ?? '',
    },
    faults,
  );
}

function checkScaling(where: string, model: ModelSpec, faults: Faults): void {
  const { autoscaling, invocationsPerInstancePerMinute, serving } = model;
  if ('instanceType' in serving && serving.instanceType?.startsWith('ml.t2.') && autoscalingOf(model)) {
    faults.add(
      `${where}.serving.instanceType`,
      `an ml.t2 can't be scaled, got ${serving.instanceType}`,
      'use another type, such as ml.m5.large: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html',
    );
  }
  if (!autoscaling) return;
  const at = (setting: string) => `${where}.autoscaling.${setting}`;
  if (autoscaling.kind !== 'none') {
    checkAutoscaling(autoscaling, at, faults);
    checkScalingMode(autoscaling, serving, at, faults);
  }
  if (invocationsPerInstancePerMinute === undefined) return;
  faults.add(
    `${where}.invocationsPerInstancePerMinute`,
    `goes without autoscaling, got ${invocationsPerInstancePerMinute} beside ${autoscaling.kind}`,
    'keep one of the two',
  );
}

type EnvironmentOf<M extends string> = Omit<EnvironmentSpec, 'models'> & { readonly models: readonly M[] };

/**
 * Parses what `config/environments.ts` holds. `models` fixes which names may be listed, so a typo doesn't compile.
 * @throws InvalidInputError naming every mistake in it
 */
export function defineEnvironments<M extends string, const K extends string>(
  models: Readonly<Record<M, ModelSpec>>,
  specs: Record<K, Omit<EnvironmentInput, 'models'> & { readonly models: readonly NoInfer<M>[] }>,
): Readonly<Record<K, EnvironmentOf<M>>> {
  const file = 'config/environments.ts';
  const faults = new Faults();
  const environments = parseEntries(file, EnvironmentName, EnvironmentSpec, specs, faults);
  checkBeginnings(file, environments, faults);
  checkKubernetes(file, environments, models, faults);
  checkClusters(file, environments, models, faults);
  checkRegistries(file, environments, specs, faults);
  for (const [name, environment] of Object.entries<EnvironmentSpec>(environments)) {
    const at = (path: string) => `${file}: ${name}.${path}`;
    const { production, approval, removal, instances } = environment;
    if (production && approval.kind === 'automatic') {
      faults.add(
        at('approval'),
        "a production environment can't approve by itself, got automatic",
        'use manual and name the personas',
      );
    }
    if (environment.emulated && approval.kind === 'manual' && approval.people > 1) {
      faults.add(
        at('approval.people'),
        `the local AWS knows nobody's identity, so that people can't be told apart, got ${approval.people}`,
        'use 1',
      );
    }
    if (production && removal === 'destroy') {
      faults.add(at('removal'), 'a production environment keeps its data, got destroy', 'use retain');
    }
    if (instances.min > instances.max) {
      faults.add(
        at('instances'),
        `min must not exceed max, got ${instances.min} and ${instances.max}`,
        'swap or widen the bounds',
      );
    }
    environment.models.forEach((model, index) => {
      if (environment.models.indexOf(model) < index) {
        faults.add(at(`models.${index}`), `is listed already, got ${model} twice`, 'leave one of the two out');
      }
      const resourceName = modelName(name, model);
      if (resourceName.length > MAX_RESOURCE_NAME) {
        faults.add(
          at(`models.${index}`),
          `an endpoint and a model package group take at most ${MAX_RESOURCE_NAME} characters, got ${resourceName} with ${resourceName.length}`,
          'shorten the name of the environment or of the model',
        );
      }
      const spec = (models as Readonly<Record<string, ModelSpec>>)[model];
      if (!spec) {
        faults.add(
          at(`models.${index}`),
          `no such model, got ${model}`,
          `choose from ${Object.keys(models).join(', ')}`,
        );
      } else if (shiftsInSteps(spec) && instances.min < 2) {
        faults.add(
          at('instances.min'),
          `the ${spec.rollout.kind} rollout of ${model} needs 2 instances, so that a step of at most half the fleet exists, got ${instances.min}`,
          'raise it to 2 or use the rollout blueGreen',
        );
      }
    });
  }
  faults.throwIfAny(file);
  return environments as unknown as Readonly<Record<K, EnvironmentOf<M>>>;
}

/** Whether a rollout takes a part of the instances of an environment first. */
function shiftsInSteps({ rollout, serving }: ModelSpec): boolean {
  return (rollout.kind === 'canary' || rollout.kind === 'linear') && serving.mode !== 'inference-component';
}

/** Of an endpoint, and of a model package group. */
const MAX_RESOURCE_NAME = 63;

/**
 * Resources of `dev` begin with `dev-`, and permissions are given on `dev-*`. Those of an environment `dev-2` beside it
 * would be among them.
 */
function checkBeginnings(file: string, environments: Readonly<Record<string, EnvironmentSpec>>, faults: Faults): void {
  const entries = Object.entries(environments);
  for (const [name, { account, region }] of entries) {
    for (const [longer, other] of entries) {
      if (!longer.startsWith(`${name}-`) || other.account !== account || other.region !== region) continue;
      faults.add(
        `${file}: ${longer}`,
        `must not begin with the name of another environment of the same account and region, because permissions on ${name}-* would reach it, got ${longer} beside ${name}`,
        'rename one of them, or use another account or region',
      );
    }
  }
}

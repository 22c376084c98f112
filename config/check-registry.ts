import type { Faults } from '../core/faults';
import { checkDistinct } from './check-distinct';
import type { EnvironmentInput, EnvironmentSpec } from './environment-spec';

type Environments = Readonly<Record<string, EnvironmentSpec>>;
/** Adds a fault about a setting of an environment. */
type AddFault = (setting: string, problem: string, fix: string) => void;

/**
 * Judges every environment that takes its releases from the registry of another one.
 * @param environments those that are sound by themselves
 * @param written all of them, as they stand in the file
 */
export function checkRegistries(
  file: string,
  environments: Environments,
  written: Readonly<Record<string, Pick<EnvironmentInput, 'schedules'>>>,
  faults: Faults,
): void {
  for (const [name, environment] of Object.entries(environments)) {
    const { registry } = environment;
    if (!registry) continue;
    const add: AddFault = (setting, problem, fix) => faults.add(`${file}: ${name}.${setting}`, problem, fix);
    checkConsumer(environment, registry.environment, written[name]?.schedules, add);
    if (!(registry.environment in written)) {
      const others = Object.keys(written).filter((each) => each !== name);
      add(
        'registry.environment',
        `no such environment, got ${registry.environment}`,
        `choose from ${others.join(', ')}`,
      );
      continue;
    }
    const source = environments[registry.environment];
    // One that has faults of its own is judged once it has none.
    if (source) checkSource(name, environment, registry.environment, source, environments, add);
  }
  for (const [name, { account }] of Object.entries(environments)) {
    const names = Object.entries(environments)
      .filter(([, other]) => other.registry?.environment === name && other.account !== account)
      .map(([consumer]) => consumer);
    // Statements of the source's policies are named after those who may read.
    checkDistinct({ names, where: (index) => `${file}: ${names[index]}` }, faults);
  }
}

function checkConsumer(
  { approval, cluster, emulated, kubernetes }: EnvironmentSpec,
  source: string,
  schedules: boolean | undefined,
  add: AddFault,
): void {
  if (emulated)
    add('registry', `the local AWS is one account with a registry of its own, got ${source}`, 'leave registry out');
  const getsRoles = cluster?.kind === 'eks' || cluster?.podIdentity === true;
  if (kubernetes?.download && !getsRoles) {
    add(
      'cluster',
      `the policies of ${source} name the roles that read its artefacts, got pods that download and no cluster that gives them one`,
      "use { kind: 'eks' }, or { kind: 'existing', podIdentity: true }",
    );
  }
  if (schedules === true)
    add('schedules', `no pipeline runs where versions come from ${source}, got true`, 'leave it out');
  if (approval.kind === 'manual' && approval.people > 1) {
    add(
      'approval.people',
      `versions are approved in ${source}, and here one person releases them, got ${approval.people}`,
      `ask two people in ${source}, and use 1 here`,
    );
  }
}

function checkSource(
  name: string,
  environment: EnvironmentSpec,
  sourceName: string,
  source: EnvironmentSpec,
  environments: Environments,
  add: AddFault,
): void {
  if (sourceName === name) {
    add('registry.environment', `must be another environment, got ${sourceName}`, 'leave registry out for its own');
    return;
  }
  if (source.registry) {
    const further = source.registry.environment;
    const leadsOn = further !== name && environments[further]?.registry === undefined;
    add(
      'registry.environment',
      `must have a registry of its own, got ${sourceName}, which takes its releases from ${further}`,
      leadsOn ? `use ${further}` : `leave registry out of ${sourceName}`,
    );
    return;
  }
  if (source.region !== environment.region) {
    add(
      'registry.environment',
      `must be of the same region, because SageMaker makes a model only of a package of its region, got ${sourceName} in ${source.region} beside ${environment.region}`,
      `use an environment of ${environment.region}`,
    );
  }
  if (source.emulated && !environment.emulated)
    add('registry.environment', `can't be on a laptop, got ${sourceName}`, 'use an environment that has an account');
  if (environment.approval.kind === 'automatic' && source.approval.kind === 'manual' && source.approval.people > 1) {
    add(
      'approval',
      `the first of two approvals in ${sourceName} would release before it is taken back, got automatic`,
      `use manual, or ask one person in ${sourceName}`,
    );
  }
  if (environment.production && source.removal === 'destroy') {
    add(
      'registry.environment',
      `a production environment's versions have to be kept, got ${sourceName} with removal destroy`,
      `use removal retain in ${sourceName}`,
    );
  }
  environment.models.forEach((model, index) => {
    if (source.models.includes(model)) return;
    add(
      `models.${index}`,
      `the registry of ${sourceName} has no such model, got ${model}`,
      `add it to the models of ${sourceName}, or leave it out here`,
    );
  });
}

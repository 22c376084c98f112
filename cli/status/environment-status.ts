import { errorMessage } from '../../core/release/aws/service-errors';
import { choose } from '../model-argument';
import type { Surroundings } from '../output';
import type { Connect } from '../release/connect';
import { inHouseForm } from '../release/in-house-form';
import { openRelease } from '../release/open-release';
import { type ModelStatus, modelStatus } from './model-status';

/** What `mlops status --json` prints of an environment. */
export interface EnvironmentStatus {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** Why nothing is known of it; null if it was reached. */
  readonly fault: string | null;
  readonly models: readonly (ModelStatus | UnknownModel)[];
}

/** A model that nothing is known of, in an environment where others are. */
export interface UnknownModel {
  readonly model: string;
  readonly fault: string;
}

export interface EnvironmentStatusProps {
  readonly name: string;
  readonly environment: { readonly account: string; readonly region: string; readonly models: readonly string[] };
  readonly surroundings: Surroundings;
  readonly connect: Connect;
  /** Longest wait for the environment, in seconds. */
  readonly withinSeconds: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** Looks at every model of an environment at once. Never rejects: what can't be known is a fault. */
export async function environmentStatus(props: EnvironmentStatusProps): Promise<EnvironmentStatus> {
  const { name, environment } = props;
  const { account, region } = environment;
  const models = await Promise.all(environment.models.map((model) => modelOrFault(model, props)));
  const faults = new Set(models.map((model) => ('fault' in model ? model.fault : null)));
  const [fault] = faults;
  // One line says it, where all have the same reason.
  const whole = faults.size === 1 && fault ? fault : null;
  return { environment: name, account, region, fault: whole, models: whole === null ? models : [] };
}

async function modelOrFault(model: string, props: EnvironmentStatusProps): Promise<ModelStatus | UnknownModel> {
  const { name, surroundings, connect, withinSeconds, sleep } = props;
  const look = async () => {
    const chosen = await choose(name, model);
    return inHouseForm(chosen, async () => {
      const api = await connect(chosen, surroundings);
      const release = await openRelease({ chosen, api, surroundings, toChange: false });
      return modelStatus(release, surroundings.now());
    });
  };
  const tooLong = sleep(withinSeconds * 1000).then(() => {
    throw new Error(`--env ${name}: has to answer within ${withinSeconds} s, got nothing; look at its network`);
  });
  try {
    return await Promise.race([look(), tooLong]);
  } catch (error) {
    return { model, fault: errorMessage(error) };
  }
}

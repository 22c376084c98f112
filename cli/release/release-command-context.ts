import { choose } from '../model-argument';
import type { Surroundings } from '../output';
import type { Connect } from './connect';
import { inHouseForm } from './in-house-form';
import { type OpenRelease, openRelease } from './open-release';

export interface OpenOptions {
  readonly env: string;
  readonly model: string;
  /** Whether the command changes the release. */
  readonly toChange: boolean;
}

/** What the release commands have in common. */
export interface ReleaseCommandContext {
  readonly surroundings: Surroundings;
  /** Ends after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Name of whoever runs the command, as the machine knows it. */
  readonly user: () => string;
  /**
   * Does the work on the release of one model.
   * @throws InvalidInputError if there is no such environment, model or stack
   */
  readonly open: <T>(options: OpenOptions, work: (release: OpenRelease) => Promise<T>) => Promise<T>;
}

export interface ReleaseCommandContextProps extends Pick<ReleaseCommandContext, 'surroundings' | 'sleep' | 'user'> {
  readonly connect: Connect;
}

export function releaseCommandContext({ connect, ...props }: ReleaseCommandContextProps): ReleaseCommandContext {
  const { surroundings } = props;
  return {
    ...props,
    open: async ({ env, model, toChange }, work) => {
      const chosen = await choose(env, model);
      return inHouseForm(chosen, async () => {
        const api = await connect(chosen, surroundings);
        return work(await openRelease({ chosen, api, surroundings, toChange }));
      });
    },
  };
}

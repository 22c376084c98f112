import { sharedRegistry as share } from '../../unit/lib/shared-registry';
import { appOfTheRepository } from './app-of-the-repository';

/** Synthesises two environments, one of which takes its releases from the other. */
export function sharedRegistry(folder: string): void {
  const app = appOfTheRepository(folder);
  share(app);
  app.synth();
}

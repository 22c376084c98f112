import { servingStage } from '../../unit/lib/serving-modes';
import { appOfTheRepository } from './app-of-the-repository';

/** Synthesises the serving stacks of a model of each mode. */
export function servingModes(folder: string): void {
  const app = appOfTheRepository(folder);
  servingStage(app, {
    shadow: {
      serving: {
        mode: 'shadow',
        // cfn-lint has fewer types for experiments than the service's own model has.
        instanceType: 'ml.m5.xlarge',
        experiment: { startsAt: '2026-03-01T00:00:00Z', endsAt: '2026-03-08T00:00:00Z' },
      },
    },
  });
  app.synth();
}

import { stepMinutes } from '../../config/kubernetes/rollout-steps';
import { FLAGGER_LABEL } from '../labels';
import { objectName } from '../object-name';
import { type ActiveGuard, activeGuards } from '../observability/guards';
import { SCRAPE_INTERVAL } from '../observability/pod-monitor';
import { guardQuery, type Version } from '../observability/queries';
import type { ServedModel } from '../served-model';
import { FLAGGER_API, type MetricTemplate } from './flagger-objects';

/** A guard, and the template that asks for it. */
export interface GuardTemplate extends ActiveGuard {
  readonly template: MetricTemplate;
}

/**
 * Guards of a Canary: none where there is no time to look. Flagger asks once, at the end of a step, so the query looks
 * back at all of it, as often as there are new numbers. A subquery is computed at round times only: once a minute, that of
 * a step of one minute would be anywhere in it, and often before there were enough requests. Without a minute that had
 * enough of them it has no value, and Flagger takes that for a failure.
 */
export function guardTemplates(model: ServedModel): readonly GuardTemplate[] {
  const minutes = stepMinutes(model.spec.rollout);
  if (minutes === 0) return [];
  const newVersion: Version = [FLAGGER_LABEL, model.name];
  return activeGuards(model).map(({ guard, limit }) => ({
    guard,
    limit,
    template: {
      apiVersion: FLAGGER_API,
      kind: 'MetricTemplate',
      metadata: { name: objectName(model.name, kebabCase(guard)) },
      spec: {
        provider: { type: 'prometheus', address: model.plane.prometheus.url },
        query: `max_over_time((${guardQuery(model, guard, newVersion)})[${minutes}m:${SCRAPE_INTERVAL}])`,
      },
    },
  }));
}

const kebabCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

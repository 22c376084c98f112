import type { IPrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { RELEASE_LABEL } from '../labels';
import { releaseId, type ServedModel } from '../served-model';
import { activeGuards } from './guards';
import { errorRatio, guardQuery, scraped } from './queries';

type Rule = NonNullable<NonNullable<IPrometheusRule['spec']>['groups']>[number]['rules'] extends (infer R)[] | undefined
  ? R
  : never;

/**
 * How fast a month's errors may be used up: twice over a long time, so that it matters, and over a short one, so that the
 * alert ends when the errors do.
 * @see https://sre.google/workbook/alerting-on-slos/ ("Multiwindow, Multi-Burn-Rate Alerts")
 */
const BURN_RATES = [
  { times: 14.4, short: '5m', long: '1h', severity: 'page' },
  { times: 6, short: '30m', long: '6h', severity: 'page' },
  { times: 3, short: '2h', long: '1d', severity: 'ticket' },
  { times: 1, short: '6h', long: '3d', severity: 'ticket' },
] as const;
const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
/** Of a model without a guard on errors, in percent. */
const DEFAULT_ERROR_PERCENT = 1;

/** Alerts of a model: errors above what its rollout allows, no data at all, and a candidate that its guards refuse. */
export function prometheusRule(model: ServedModel): IPrometheusRule {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: model.name },
    spec: {
      groups: [
        {
          name: `${model.name}-errors`,
          rules: [...WINDOWS.map((window) => recorded(model, window)), ...burning(model)],
        },
        { name: `${model.name}-data`, rules: [noData(model)] },
        ...(model.candidate ? [{ name: `${model.name}-candidate`, rules: refused(model) }] : []),
      ],
    },
  };
}

const recordName = (window: string) => `mlops_model:request_errors:ratio_rate${window}`;

function recorded(model: ServedModel, window: string): Rule {
  return { record: recordName(window), expr: errorRatio(model, 'serverErrors', window), labels: labels(model) };
}

function burning(model: ServedModel): Rule[] {
  const allowed = (model.spec.rollout.guards.errorRatePercent ?? DEFAULT_ERROR_PERCENT) / 100;
  const matchers = Object.entries(labels(model)).map(([label, value]) => `${label}="${value}"`);
  const above = (window: string, times: number) =>
    `${recordName(window)}{${matchers.join(', ')}} > ${Number((times * allowed).toPrecision(6))}`;
  return BURN_RATES.filter(({ times }) => times * allowed < 1).map(({ times, short, long, severity }) => ({
    alert: 'ModelErrorsBurn',
    expr: `${above(long, times)} and ${above(short, times)}`,
    labels: { ...labels(model), severity, window: long },
    annotations: {
      summary: `${model.name} in ${model.environment} fails ${times} times as often as it may, over ${long}`,
    },
  }));
}

/** Nothing is known then, which is not the same as well. */
function noData(model: ServedModel): Rule {
  return {
    alert: 'ModelWithoutMetrics',
    expr: `absent(${scraped(model)})`,
    for: '10m',
    labels: { ...labels(model), severity: 'page' },
    annotations: { summary: `Prometheus has no metrics of ${model.name} in ${model.environment}` },
  };
}

function refused(model: ServedModel): Rule[] {
  if (!model.candidate) return [];
  const id = releaseId(model.candidate);
  return activeGuards(model).map(({ guard, limit }) => ({
    alert: 'ModelCandidateRefused',
    expr: `(${guardQuery(model, guard, [RELEASE_LABEL, id])}) > ${limit}`,
    labels: { ...labels(model), severity: 'page', guard, release: id },
    annotations: {
      summary: `The candidate ${id} of ${model.name} in ${model.environment} is beyond its guard ${guard} of ${limit}`,
      description: `Set the candidate's step to 0 in config/environments.ts, and apply: release ${releaseId(model.stable)} gets all traffic.`,
    },
  }));
}

function labels({ name, environment }: ServedModel): Record<string, string> {
  return { model: name, environment };
}

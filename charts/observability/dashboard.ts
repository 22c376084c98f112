import { createHash } from 'node:crypto';
import { GraphThresholdsStyleConfigBuilder, GraphThresholdsStyleMode } from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { IConfigMap } from 'kubernetes-models/v1';
import { objectName } from '../object-name';
import type { ServedModel } from '../served-model';
import { type DashboardPanel, dashboardPanels } from './dashboard-panels';

/**
 * The sidecar of Grafana, as kube-prometheus-stack runs it, loads config maps that have it.
 * @see https://github.com/grafana/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards
 */
const SIDECAR_LABEL = { grafana_dashboard: '1' };
/** Chosen by who looks: the name of a data source is the platform's. */
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const COLUMNS = 3;
const GRID = 24;
const HEIGHT = 8;

/** The dashboard of a model, from the queries that its guards ask too. The same text for the same config. */
export function dashboard(model: ServedModel): IConfigMap {
  const { name, environment } = model;
  const builder = new DashboardBuilder(`${name} in ${environment}`)
    // At most 40 characters, and the same for ever, so that links to it last.
    .uid(createHash('sha256').update(`${environment}/${name}`).digest('hex').slice(0, 16))
    .tags(['mlops', environment, name])
    .readonly()
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'));
  for (const panel of dashboardPanels(model)) builder.withPanel(graph(panel));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: objectName(name, 'dashboard'), labels: SIDECAR_LABEL },
    data: { [`${environment}-${name}.json`]: `${JSON.stringify(builder.build(), null, 2)}\n` },
  };
}

function graph({ title, unit, query, by, limit }: DashboardPanel): PanelBuilder {
  const panel = new PanelBuilder()
    .title(title)
    .datasource(DATASOURCE)
    .unit(unit)
    .min(0)
    .span(GRID / COLUMNS)
    .height(HEIGHT)
    .withTarget(new DataqueryBuilder().datasource(DATASOURCE).expr(query).legendFormat(`{{${by}}}`).refId('A').range());
  if (limit === undefined) return panel;
  return panel
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: 'green' },
        { value: limit, color: 'red' },
      ]),
    )
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Line));
}

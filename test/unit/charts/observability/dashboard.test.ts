import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { dashboard } from '../../../../charts/observability/dashboard';
import { dashboardPanels } from '../../../../charts/observability/dashboard-panels';
import { guardQuery } from '../../../../charts/observability/queries';
import { RUNTIME_NAMES } from '../../../../config/kubernetes/runtimes';
import { at, type Case, ENGINE_SETTINGS, objectsOf, ofKind, served } from '../served';

const none = { errorRatePercent: null, p99LatencyMs: null };
const titles = (choice: Case = {}) => dashboardPanels(served(choice)).map(({ title }) => title);
const drawn = (choice: Case = {}) => {
  const [text = ''] = Object.values(dashboard(served(choice)).data ?? {});
  return JSON.parse(text) as { uid: string; title: string; panels: Record<string, unknown>[] };
};

describe('the dashboard of a model', () => {
  test('is a config map that the sidecar of Grafana loads', () => {
    expect(objectsOf()['dashboard.yaml']?.[0]).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'churn-dashboard', labels: { grafana_dashboard: '1' } },
    });
    expect(Object.keys(dashboard(served()).data ?? {})).toEqual(['dev-churn.json']);
  });

  test('is the same text each time, with a name that no other has', () => {
    expect(dashboard(served())).toEqual(dashboard(served()));
    expect(drawn().uid).toMatch(/^[0-9a-f]{16}$/);
    expect(drawn().title).toBe('churn in dev');
  });

  test('shows traffic, what the guards judge, saturation, and the rollout', () => {
    expect(titles({ engine: ENGINE_SETTINGS['argo-rollouts'] })).toEqual([
      'Requests',
      'Share of the traffic',
      'Errors of the server',
      'Errors of callers',
      'Latency, median',
      'Latency, 99th percentile',
      'Pods that answer',
      'Processor time, of what is asked for',
      'Memory, of the limit',
      'Rollout',
    ]);
    expect(titles({ engine: ENGINE_SETTINGS['flagger with Istio'] }).at(-1)).toContain('Canary');
    expect(titles().at(-1)).toBe('Memory, of the limit');
  });

  test('draws the limit of a guard that is on, and of no other', () => {
    const limits = (choice: Case) =>
      dashboardPanels(served(choice)).flatMap(({ title, limit }) => (limit === undefined ? [] : [[title, limit]]));
    expect(limits({ rollout: { kind: 'blueGreen', guards: { errorRatePercent: 2 } } })).toEqual([
      ['Errors of the server', 2],
      ['Latency, 99th percentile', 1000],
      ['Memory, of the limit', 100],
    ]);
    expect(limits({ rollout: { kind: 'blueGreen', guards: none } })).toEqual([['Memory, of the limit', 100]]);
    const panel = drawn().panels.find(({ title }) => title === 'Latency, 99th percentile');
    expect(at(panel, 'fieldConfig', 'defaults', 'thresholds', 'steps', 1)).toEqual({ value: 1000, color: 'red' });
    expect(at(panel, 'fieldConfig', 'defaults', 'custom', 'thresholdsStyle')).toEqual({ mode: 'line' });
  });

  test('leaves out what a server does not measure', () => {
    const choice: Case = { kubernetes: { runtime: 'triton' }, rollout: { kind: 'allAtOnce', guards: none } };
    expect(titles(choice)).not.toContain('Latency, median');
    expect(titles(choice)).toContain('Errors of the server');
  });

  test('tells releases apart, asks the data source of whoever looks, and has panels that do not overlap', () => {
    const { panels } = drawn();
    const places = panels.map(({ gridPos }) => [at(gridPos, 'x'), at(gridPos, 'y')].join(' '));
    expect(new Set(places).size).toBe(panels.length);
    for (const panel of panels) {
      expect(at(panel, 'targets', 0, 'datasource', 'uid')).toBe('${datasource}');
      expect(at(panel, 'targets', 0, 'legendFormat')).toMatch(/^\{\{(mlops_stack_release|pod)\}\}$/);
      expect(String(at(panel, 'targets', 0, 'expr'))).toContain('app_kubernetes_io_name="churn"');
    }
  });

  test('is not there for a batch, which answers nobody', () => {
    const choice: Case = {
      rollout: { kind: 'allAtOnce' },
      kubernetes: { batch: { claim: 'data' } },
      model: { serving: { mode: 'batch' } },
    };
    expect(ofKind(objectsOf(choice), 'ConfigMap')).toEqual([]);
  });
});

test("looks at the server's container, whatever an engine calls it", () => {
  const queriesOf = (engine: Case['engine']) => JSON.stringify(dashboardPanels(served({ engine })));
  expect(queriesOf(ENGINE_SETTINGS.plain)).toContain('server|kserve-container|churn');
  expect(queriesOf(ENGINE_SETTINGS['seldon-2'])).toContain('container=\\"mlserver\\"');
});

/** Every query that a model's manifests may hold, as rules that promtool reads. */
function rules(): unknown {
  const queries = RUNTIME_NAMES.flatMap((runtime) =>
    Object.values(ENGINE_SETTINGS).flatMap((engine) => {
      if (engine.kind === 'kserve' || engine.kind === 'seldon') return [];
      if (engine.kind === 'seldon-2' && runtime !== 'mlserver') return [];
      const guards = ['triton', 'torchserve'].includes(runtime) ? { p99LatencyMs: null } : {};
      const model = served({ engine, kubernetes: { runtime }, rollout: { kind: 'blueGreen', guards } });
      const flagger = ofKind(
        objectsOf({ engine, kubernetes: { runtime }, rollout: { kind: 'blueGreen', guards } }),
        'MetricTemplate',
      );
      return [
        ...dashboardPanels(model).map(({ query }) => query),
        guardQuery(model, 'errorRatePercent'),
        ...flagger.map((template) => String(at(template, 'spec', 'query'))),
      ];
    }),
  );
  const unique = [...new Set(queries)];
  return { groups: [{ name: 'all', rules: unique.map((expr, index) => ({ record: `query_${index}`, expr })) }] };
}

const promtool = spawnSync('promtool', ['--version']).status === 0;

test('every query is one for promtool, where there is one', () => {
  if (!promtool) return;
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    const file = join(folder, 'rules.yaml');
    writeFileSync(file, Yaml.stringify(rules()));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toContain('SUCCESS');
    expect(status).toBe(0);
    writeFileSync(file, Yaml.stringify({ groups: [{ name: 'bad', rules: [{ record: 'query', expr: 'sum by (' }] }] }));
    expect(spawnSync('promtool', ['check', 'rules', file]).status).not.toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

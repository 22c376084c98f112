import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { movedFields } from '../../../charts/gitops/moved-fields';
import { writeFiles } from '../../../charts/write-files';
import { diffCharts } from '../../../cli/charts/diff-charts';
import { kubectlOnPath } from '../../../cli/charts/kubectl';
import { type Case, ENGINE_SETTINGS, filesOf, served } from '../../unit/charts/served';
import { programPath } from '../build/program-paths';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane';
import { loadCrds } from '../control-plane/crds';

let plane: ControlPlane;
let environment: Record<string, string>;

beforeAll(async () => {
  plane = await startControlPlane();
  const kinds = ['Rollout', 'AnalysisTemplate', 'HTTPRoute', 'PodMonitor', 'PrometheusRule'];
  await loadCrds(plane.api, (_, kind) => kinds.includes(kind));
  const bin = join(plane.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(programPath('kubectl'), join(bin, 'kubectl'));
  environment = { PATH: `${bin}:${process.env.PATH}`, HOME: plane.folder, KUBECONFIG: plane.kubeconfig };
}, 300_000);
afterAll(() => plane?.stop(), 60_000);

const canary: Case = {
  engine: ENGINE_SETTINGS['argo-rollouts with a gateway'],
  rollout: { kind: 'canary' },
};

/** What is written of it, in a folder. */
function written(choice: Case): string {
  const folder = join(plane.folder, 'charts', 'dev');
  writeFiles(folder, filesOf(choice));
  return folder;
}

const kubectl = (...words: readonly string[]) => execFileSync('kubectl', words, { env: environment, encoding: 'utf8' });

async function diff(choice: Case) {
  const moved = movedFields(served(choice).plane.engine);
  const { differences, text } = await diffCharts({
    kubectl: kubectlOnPath({ environment }),
    folder: written(choice),
    moved,
  });
  return { text, objects: differences.map(({ object, change }) => `${change} ${object}`).sort() };
}

const HTTP_ROUTE = 'gateway.networking.k8s.io.v1.HTTPRoute.dev.churn';

/** One after the other, as a cluster is used. */
test('mlops charts diff says of a real cluster, by a real kubectl, what applying would change', async () => {
  await expect(diff(canary)).rejects.toThrow(
    'got Error from server (NotFound): namespaces "dev" not found; nothing of it is there yet: apply it, or ask again after kubectl create namespace dev',
  );
  kubectl('create', 'namespace', 'dev');
  const empty = await diff(canary);
  expect(empty.objects).toContain('added argoproj.io.v1alpha1.Rollout.dev.churn');
  expect(empty.objects).toContain('changed v1.Namespace..dev');

  // From a client, as the guide has it: what kubectl notes of that is no difference.
  kubectl('apply', '--kustomize', written(canary));
  expect(await diff(canary)).toEqual({ objects: [], text: '' });

  const more = await diff({ ...canary, kubernetes: { memoryMb: 2048 } });
  expect(more.objects).toContain('changed argoproj.io.v1alpha1.Rollout.dev.churn');
  expect(more.objects).not.toContain(`changed ${HTTP_ROUTE}`);
  expect(more.text).toContain('2048Mi');

  // As the controller does in the middle of a canary.
  const weights = [
    { op: 'replace', path: '/spec/rules/0/backendRefs/0/weight', value: 90 },
    { op: 'replace', path: '/spec/rules/0/backendRefs/1/weight', value: 10 },
  ];
  kubectl('-n', 'dev', 'patch', 'httproute', 'churn', '--type=json', '--patch', JSON.stringify(weights));
  const selector = { spec: { selector: { 'rollouts-pod-template-hash': 'abc' } } };
  kubectl('-n', 'dev', 'patch', 'service', 'churn', '--patch', JSON.stringify(selector));
  const midway = await diff(canary);
  expect(midway).toEqual({ objects: [`moved ${HTTP_ROUTE}`, 'moved v1.Service.dev.churn'], text: '' });

  kubectl(
    '-n',
    'dev',
    'patch',
    'service',
    'churn',
    '--patch',
    '{"spec":{"selector":{"app.kubernetes.io/name":"other"}}}',
  );
  expect((await diff(canary)).objects).toEqual(['changed v1.Service.dev.churn', `moved ${HTTP_ROUTE}`]);
}, 300_000);

test('and that it can not say, where there is no such context', async () => {
  const folder = written(canary);
  await expect(diffCharts({ kubectl: kubectlOnPath({ environment }), folder, context: 'elsewhere' })).rejects.toThrow(
    /kubectl diff: the cluster could not be compared, got .*elsewhere.*; check by: kubectl version --context elsewhere/,
  );
});

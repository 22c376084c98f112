import { environmentObjects } from '../../../charts/environment-files';
import { accessGroup } from '../../../config/kubernetes/access-group';
import { defineEnvironments, defineModels } from '../../../config/schema';
import { eks } from '../../unit/config/cluster/smallest';
import { ENGINE_SETTINGS, kubernetesModel, plane as smallestPlane } from '../../unit/config/kubernetes/smallest';
import { environment } from '../../unit/config/smallest';
import { Applier } from '../control-plane/apply';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane';

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
  const models = defineModels({ churn: kubernetesModel() });
  const dev = environment(['churn'], {
    planes: ['kubernetes'],
    cluster: eks(),
    kubernetes: smallestPlane({ engine: ENGINE_SETTINGS['argo-rollouts with a gateway'] }),
  });
  const { _platform: shared = {} } = environmentObjects('dev', defineEnvironments(models, { dev }).dev, models);
  const files = ['namespace.yaml', 'access.yaml', 'cluster-access.yaml'];
  await new Applier(plane.api).applied(...files.flatMap((file) => shared[file] ?? []));
}, 300_000);
afterAll(() => plane?.stop(), 60_000);

interface Question {
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  /** @default 'dev' */
  readonly namespace?: string;
}

/** What the API server itself says, of somebody who is in one group only. */
async function may(group: 'readers' | 'operators', question: Question): Promise<boolean> {
  const { status, body } = await plane.api.send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: 'somebody',
      groups: [accessGroup('dev', group)],
      resourceAttributes: { namespace: 'dev', ...question },
    },
  });
  expect(status).toBe(201);
  return body.status?.allowed === true;
}

const rollouts = { group: 'argoproj.io', resource: 'rollouts' };
const route = { group: 'gateway.networking.k8s.io', resource: 'httproutes' };

test.each<[string, Question, boolean, boolean]>([
  ['watches rollouts', { verb: 'watch', ...rollouts }, true, true],
  ['promotes one or takes it back', { verb: 'patch', ...rollouts, subresource: 'status' }, false, true],
  ['pauses one', { verb: 'patch', ...rollouts }, false, true],
  ['replaces one', { verb: 'update', ...rollouts }, false, false],
  ['deletes one', { verb: 'delete', ...rollouts }, false, false],
  ['does so in another namespace', { verb: 'patch', ...rollouts, namespace: 'other' }, false, false],
  ['reads the logs of pods', { verb: 'get', resource: 'pods', subresource: 'log' }, true, true],
  ['gets into a pod', { verb: 'create', resource: 'pods', subresource: 'exec' }, false, false],
  ['reads secrets', { verb: 'get', resource: 'secrets' }, false, false],
  ['sees the route', { verb: 'get', ...route }, true, true],
  ['moves the weights of the controller', { verb: 'patch', ...route }, false, false],
  ['sees nodes', { verb: 'list', resource: 'nodes', namespace: '' }, false, true],
  ['drains nodes', { verb: 'patch', resource: 'nodes', namespace: '' }, false, false],
])('who %s: readers and operators, as a real API server says', async (_, question, readers, operators) => {
  expect([await may('readers', question), await may('operators', question)]).toEqual([readers, operators]);
});

import type { KubernetesObject } from '../../../charts/kubernetes-object';
import { ROLLOUT_ENGINES } from '../../../charts/rollout/engines';
import { ENGINE_SETTINGS } from '../../unit/charts/served';
import { validate } from '../../unit/charts/validate';
import { Applier } from '../control-plane/apply';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane';
import { loadCrds } from '../control-plane/crds';
import { barePods } from './bare-pods';
import { differences } from './differences';
import { ENGINE_SETTING_NAMES, emittedCases, RUNTIME_NAMES } from './matrix';
import { readFiles } from './read-files';
import { WITHOUT_CRD } from './without-crd';

let plane: ControlPlane;
let applier: Applier;

let namespaces = 0;
const CASES = ENGINE_SETTING_NAMES.flatMap((engine) =>
  RUNTIME_NAMES.map((runtime) => {
    const cases = emittedCases(engine, runtime, () => `proof-${namespaces++}`);
    const legal = cases.flatMap(({ policy, files }) => (files ? [{ policy, objects: readFiles(files) }] : []));
    return { engine, runtime, legal };
  }),
);

beforeAll(async () => {
  plane = await startControlPlane();
  const emitted = CASES.flatMap(({ legal }) => legal.flatMap(({ objects }) => objects));
  const kinds = new Set(emitted.map(({ apiVersion, kind }) => `${apiVersion.split('/')[0]} ${kind}`));
  await loadCrds(plane.api, (group, kind) => kinds.has(`${group} ${kind}`));
  applier = new Applier(plane.api);
}, 300_000);
afterAll(() => plane?.stop(), 60_000);

/** Objects that were proved already, without their namespace: many cases share most of theirs. */
const proved = new Set<string>();
const unserved = new Set<string>();
const proven = { engines: new Set<string>(), runtimes: new Set<string>() };

describe('a strict API server, in a namespace that takes restricted pods only,', () => {
  test('is asked about every engine', () => {
    const kinds = Object.values(ENGINE_SETTINGS).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(Object.keys(ROLLOUT_ENGINES)));
  });

  test.each(CASES)(
    'takes all that is emitted for $engine with the server $runtime, and drops nothing',
    async ({ engine, runtime, legal }) => {
      const problems: string[] = [];
      for (const { policy, objects } of legal) {
        proven.engines.add(engine);
        proven.runtimes.add(runtime);
        for (const problem of await prove(objects)) problems.push(`${policy}: ${problem}`);
      }
      expect(problems).toEqual([]);
    },
    300_000,
  );

  test('was asked about something legal for each engine and each server', () => {
    expect([...proven.engines].sort()).toEqual([...ENGINE_SETTING_NAMES].sort());
    expect([...proven.runtimes].sort()).toEqual([...RUNTIME_NAMES].sort());
  });

  test('does not know just the kinds that are listed with the proof that they have instead', () => {
    expect([...unserved].sort()).toEqual(Object.keys(WITHOUT_CRD).sort());
  });
});

/** @returns what the server refused, dropped, changed or warned of */
async function prove(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const object of objects) {
    const isNew = isUnproved(object);
    // What the others need to be there.
    if (!isNew && object.kind !== 'Namespace' && object.kind !== 'ServiceAccount') continue;
    const found = (await applier.serves(object)) ? await serverProblems(object) : schemaProblems(object);
    for (const pod of barePods(object)) found.push(...(await podProblems(pod)).map((problem) => `its pod: ${problem}`));
    problems.push(...found.map((problem) => `${object.kind} ${object.metadata?.name}: ${problem}`));
  }
  return problems;
}

function isUnproved(object: KubernetesObject): boolean {
  const { kind, metadata } = object;
  const namespace = kind === 'Namespace' ? metadata?.name : metadata?.namespace;
  const key = JSON.stringify(object).replaceAll(namespace ?? '', '');
  return !proved.has(key) && proved.add(key) !== undefined;
}

async function serverProblems(object: KubernetesObject): Promise<string[]> {
  const { status, body, warnings } = await applier.apply(object);
  if (status >= 300) return [`${status}: ${body?.message}`];
  return [...differences(object, await applier.read(object)), ...warnings];
}

async function podProblems(pod: KubernetesObject): Promise<readonly string[]> {
  const path = `${await applier.path(pod)}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await plane.api.send('POST', path, pod);
  if (status >= 300) return [`${status}: ${body?.message}`];
  // Every pod is given some tolerations more, behind its own.
  const { tolerations = [] } = (pod as { spec?: { tolerations?: readonly unknown[] } }).spec ?? {};
  const given = body.spec?.tolerations as readonly unknown[] | undefined;
  const spec = { ...body.spec, tolerations: given?.slice(0, tolerations.length) };
  return differences(pod, { ...body, spec });
}

function schemaProblems(object: KubernetesObject): string[] {
  unserved.add(`${object.apiVersion} ${object.kind}`);
  // What a chart gives to all objects.
  const { labels: _, namespace: __, ...metadata } = object.metadata ?? {};
  const own: KubernetesObject = { ...object, metadata };
  try {
    validate(own);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Kubectl, KubectlResult } from '../../../cli/charts/kubectl';
import { kubectlOnPath } from '../../../cli/charts/kubectl';
import type { WrittenCharts } from '../../../cli/charts/write-charts';
import { chartsCommands } from '../../../cli/commands/charts';
import { exitCodeOf } from '../../../cli/exit-code';
import { type Recorded, surroundings } from './surroundings';

const CHANGED = `diff -u -N /tmp/LIVE-1/apps.v1.Deployment.dev.churn /tmp/MERGED-2/apps.v1.Deployment.dev.churn
--- /tmp/LIVE-1/apps.v1.Deployment.dev.churn\t2026-01-01
+++ /tmp/MERGED-2/apps.v1.Deployment.dev.churn\t2026-01-01
@@ -6,7 +6,7 @@
-  minReadySeconds: 5
+  minReadySeconds: 10
`;
const ADDED = `diff -u -N /tmp/LIVE-1/v1.Service.dev.churn /tmp/MERGED-2/v1.Service.dev.churn
--- /tmp/LIVE-1/v1.Service.dev.churn\t2026-01-01
+++ /tmp/MERGED-2/v1.Service.dev.churn\t2026-01-01
@@ -0,0 +1,3 @@
+apiVersion: v1
`;

/** The controller of the engine moves the version of Services. */
const moved: WrittenCharts['moved'] = [
  {
    group: '',
    kind: 'Service',
    path: '.spec.selector.version',
    takeOut: (object) => {
      delete (object as { spec: { selector: { version?: string } } }).spec.selector.version;
    },
  },
];
const MOVED = ADDED.replace('@@ -0,0 +1,3 @@\n+apiVersion: v1', '@@ -4,5 +4,4 @@\n-    version: abc');
const service = (version: string | undefined, port = 80) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'churn', namespace: 'dev', resourceVersion: String(port), generation: version ? 1 : 2 },
  spec: { selector: { app: 'churn', ...(version && { version }) }, ports: [{ port }] },
  status: { loadBalancer: {} },
});
const listOf = (...items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

interface Run extends Recorded {
  readonly error: unknown;
  readonly asked: readonly (readonly string[])[];
  /** Whether the folder was there when kubectl looked, and is now. */
  readonly folder: { readonly before: boolean; readonly after: boolean };
}

/** @param others what kubectl prints for other verbs than diff */
async function mlops(
  words: readonly string[],
  answer: Partial<KubectlResult> = {},
  others: Readonly<Record<string, string | undefined>> = {},
): Promise<Run> {
  const recorded = surroundings();
  const asked: (readonly string[])[] = [];
  let before = false;
  const kubectl: Kubectl = async (given) => {
    asked.push(given);
    before = existsSync(join(given[4] ?? '', 'kustomization.yaml'));
    const other = { get: listOf(), apply: listOf(), ...others }[given[0] ?? ''];
    if (other !== undefined) return { code: 0, stdout: other, stderr: '' };
    return { code: 0, stdout: '', stderr: '', ...answer };
  };
  const write = async (out: string, only?: string) => {
    const folder = join(out, only ?? 'dev');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'kustomization.yaml'), 'resources: []\n');
    return [{ name: only ?? 'dev', folder, files: 1, unreleased: ['churn'], moved }];
  };
  const program = new Command().exitOverride();
  chartsCommands(program, recorded, { write, kubectl });
  let error: unknown;
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (caught) {
    error = caught;
  }
  return { ...recorded, error, asked, folder: { before, after: existsSync(asked[0]?.[4] ?? '/nowhere') } };
}

describe('mlops charts diff', () => {
  test('asks the cluster what the manifests of now would change, and leaves nothing behind', async () => {
    const { asked, lines, error, folder } = await mlops(['charts', 'diff', 'dev']);
    expect(asked[0]?.slice(0, 4)).toEqual(['diff', '--server-side', '--force-conflicts', '--kustomize']);
    expect(folder).toEqual({ before: true, after: false });
    expect(lines).toEqual(['dev: the cluster is as the manifests say']);
    expect(error).toBeUndefined();
  });

  test('shows what differs, and ends with 1', async () => {
    const { lines, error } = await mlops(['charts', 'diff', 'dev'], { code: 1, stdout: CHANGED + ADDED });
    expect(lines[0]).toContain('+  minReadySeconds: 10');
    expect(lines.slice(1)).toEqual(['changed  apps.v1.Deployment.dev.churn', 'added    v1.Service.dev.churn']);
    expect(String(error)).toContain('dev is not as its manifests say, got 2 objects that differ');
    expect(exitCodeOf(error)).toBe(1);
  });

  test('prints JSON, also when nothing differs', async () => {
    const { lines } = await mlops(['charts', 'diff', 'dev', '--json'], { code: 1, stdout: ADDED });
    expect(JSON.parse(lines.join('\n'))).toEqual({
      environment: 'dev',
      differences: [{ object: 'v1.Service.dev.churn', change: 'added' }],
    });
    const same = await mlops(['charts', 'diff', 'dev', '--json']);
    expect(JSON.parse(same.lines.join('\n'))).toEqual({ environment: 'dev', differences: [] });
    expect(same.error).toBeUndefined();
  });

  describe('in the middle of a canary', () => {
    const midway = { get: listOf(service('abc')), apply: listOf(service(undefined)) };

    test('takes what the controller moves for no difference, and says what it left out', async () => {
      const { lines, notes, error } = await mlops(['charts', 'diff', 'dev'], { code: 1, stdout: MOVED }, midway);
      expect(error).toBeUndefined();
      expect(lines).toEqual(['dev: the cluster is as the manifests say', 'moved    v1.Service.dev.churn']);
      expect(notes).toEqual(['left out, because the controller of the engine moves it: .spec.selector.version']);
    });

    test('says so as JSON', async () => {
      const { lines, error } = await mlops(['charts', 'diff', 'dev', '--json'], { code: 1, stdout: MOVED }, midway);
      expect(error).toBeUndefined();
      expect(JSON.parse(lines.join('\n'))).toEqual({
        environment: 'dev',
        differences: [{ object: 'v1.Service.dev.churn', change: 'moved', leftOut: ['.spec.selector.version'] }],
      });
    });

    test('still ends with 1 for what somebody changed by hand, in the same object or another', async () => {
      const byHand = { get: listOf(service('abc', 81)), apply: listOf(service(undefined)) };
      const same = await mlops(['charts', 'diff', 'dev'], { code: 1, stdout: MOVED }, byHand);
      expect(same.lines.at(-1)).toBe('changed  v1.Service.dev.churn');
      expect(exitCodeOf(same.error)).toBe(1);
      const other = await mlops(['charts', 'diff', 'dev'], { code: 1, stdout: CHANGED + MOVED }, midway);
      expect(other.lines.slice(-2)).toEqual(['changed  apps.v1.Deployment.dev.churn', 'moved    v1.Service.dev.churn']);
      expect(String(other.error)).toContain('got 1 objects that differ');
      expect(other.lines[0]).not.toContain('Service');
    });

    test('asks for the objects only where something differs, and in the same context', async () => {
      expect((await mlops(['charts', 'diff', 'dev'])).asked).toHaveLength(1);
      expect((await mlops(['charts', 'diff', 'dev'], { code: 1, stdout: ADDED })).asked).toHaveLength(1);
      const { asked } = await mlops(['charts', 'diff', 'dev', '--context', 'blue'], { code: 1, stdout: MOVED }, midway);
      expect(asked.map(([verb]) => verb)).toEqual(['diff', 'get', 'apply']);
      expect(asked[2]).toEqual(expect.arrayContaining(['--server-side', '--dry-run=server', '--context', 'blue']));
    });

    test('says that it could not compare where an object can’t be read', async () => {
      const answer = { code: 1, stdout: MOVED, stderr: 'error: forbidden' };
      const { error } = await mlops(['charts', 'diff', 'dev'], answer, { get: undefined });
      expect(String(error)).toContain('could not be compared, got error: forbidden');
    });
  });

  test('takes what kubectl notes of an apply for no difference', async () => {
    const noted = { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } };
    const live = { ...service(undefined), metadata: { ...service(undefined).metadata, ...noted } };
    const answers = { get: listOf(live), apply: JSON.stringify(service(undefined)) };
    const { lines, notes, error } = await mlops(['charts', 'diff', 'dev'], { code: 1, stdout: MOVED }, answers);
    expect(error).toBeUndefined();
    expect(lines).toEqual(['dev: the cluster is as the manifests say']);
    expect(notes).toEqual([]);
  });

  test('write says as JSON what it wrote', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlops-charts-'));
    const { lines, notes } = await mlops(['charts', 'write', '--out', folder, '--json']);
    rmSync(folder, { recursive: true });
    expect(JSON.parse(lines.join('\n'))).toEqual({
      environments: [{ name: 'dev', folder: join(folder, 'dev'), files: 1, unreleased: ['churn'] }],
    });
    expect(notes).toEqual([]);
  });

  test('takes a context of the kubeconfig', async () => {
    const { asked } = await mlops(['charts', 'diff', 'dev', '--context', 'blue']);
    expect(asked[0]?.slice(-2)).toEqual(['--context', 'blue']);
  });

  test('says why a cluster could not be compared, and does not call that a difference', async () => {
    const stderr = 'E1126 noise\nerror: dial tcp 127.0.0.1:8080: connect: connection refused\n';
    const { error, lines, folder } = await mlops(['charts', 'diff', 'dev', '--context', 'blue'], { code: 2, stderr });
    expect(error).toEqual(
      new Error(
        'kubectl diff: the cluster could not be compared, got error: dial tcp 127.0.0.1:8080: connect: connection refused; check by: kubectl version --context blue',
      ),
    );
    expect(lines).toEqual([]);
    expect(folder.after).toBe(false);
    expect((await mlops(['charts', 'diff', 'dev'], { code: 3 })).error).toMatchObject({
      message: expect.stringContaining('got exit code 3'),
    });
  });

  test('says what to do before the first apply, when there is no namespace', async () => {
    const stderr = 'Error from server (NotFound): namespaces "dev" not found\n';
    const { error } = await mlops(['charts', 'diff', 'dev', '--context', 'blue'], { code: 1, stderr });
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /nothing of it is there yet: apply it, or ask again after kubectl create namespace dev --context blue$/,
      ),
    });
  });

  test('does not call a cluster the same when kubectl ends with 1 and shows nothing', async () => {
    const { error, lines } = await mlops(['charts', 'diff', 'dev'], { code: 1, stderr: 'error: unknown flag: --x\n' });
    expect(String(error)).toContain('could not be compared, got error: unknown flag: --x');
    expect(lines).toEqual([]);
  });

  test.each([
    ['produ', 'no such environment, got produ'],
    ['prod', 'has no manifests without the plane kubernetes, got prod with sagemaker'],
  ])('refuses %s with 2, before it asks anything', async (name, message) => {
    const { error, asked } = await mlops(['charts', 'diff', name]);
    expect(String(error)).toContain(message);
    expect(exitCodeOf(error)).toBe(2);
    expect(asked).toEqual([]);
  });
});

describe('mlops charts write', () => {
  test('writes where it is told, and says what is missing', async () => {
    const out = mkdtempSync(join(tmpdir(), 'charts-'));
    try {
      const { lines, notes } = await mlops(['charts', 'write', '--out', out]);
      expect(lines[0]).toMatch(/dev: 1 files$/);
      expect(notes).toEqual(['dev: churn has no release yet; write one into kubernetes.releases']);
      expect(readFileSync(join(out, 'dev/kustomization.yaml'), 'utf8')).toBe('resources: []\n');
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});

describe('the kubectl on the PATH', () => {
  test('is run with what it prints and how it ends read, by its own diff', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
    try {
      const script = '#!/bin/sh\necho "$1 [$KUBECTL_EXTERNAL_DIFF]"\necho aside >&2\nexit 3\n';
      writeFileSync(join(folder, 'kubectl'), script);
      chmodSync(join(folder, 'kubectl'), 0o755);
      const environment = { PATH: `${folder}:/usr/bin:/bin`, KUBECTL_EXTERNAL_DIFF: 'meld' };
      const kubectl = kubectlOnPath({ environment });
      expect(await kubectl(['diff'])).toEqual({ code: 3, stdout: 'diff []\n', stderr: 'aside\n' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('that is ended from outside has not found a difference', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
    try {
      writeFileSync(join(folder, 'kubectl'), '#!/bin/sh\nkill -TERM $$\n');
      chmodSync(join(folder, 'kubectl'), 0o755);
      const answer = await kubectlOnPath({ environment: { PATH: `${folder}:/usr/bin:/bin` } })(['diff']);
      expect(answer).toEqual({ code: 128, stdout: '', stderr: 'ended by SIGTERM' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('that is not there is named', async () => {
    await expect(kubectlOnPath({ environment: { PATH: '/nowhere' } })(['diff'])).rejects.toThrow(
      'kubectl: is not on the PATH; install it: https://kubernetes.io/docs/tasks/tools/',
    );
  });
});

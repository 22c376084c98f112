import { createHash } from 'node:crypto';
import type * as nodeFs from 'node:fs';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeManifests } from '../../../../../cli/release/manifests/write-manifests';
import { requireReleaseFile } from '../../../../../cli/release/manifests/write-release-file';
import { openRelease } from '../../../../../cli/release/open-release';
import type { ReleaseCommandContext } from '../../../../../cli/release/release-command-context';
import { environments } from '../../../../../config/environments';
import { readReleases } from '../../../../../config/kubernetes/release-file';
import type { RuntimeName } from '../../../../../config/kubernetes/runtimes';
import { defineEnvironments, defineModels } from '../../../../../config/schema';
import { SealedManifestRecord } from '../../../../../core/release/manifest-record';
import { isIntact } from '../../../../../core/release/seal';
import { download } from '../../../config/cluster/smallest';
import { kubernetesModel, type PlaneInput, plane } from '../../../config/kubernetes/smallest';
import { environment } from '../../../config/smallest';
import { surroundings } from '../../surroundings';
import { FakeAccount, MODEL, packageArn, release } from '../fake-account';

const root = mkdtempSync(join(tmpdir(), 'manifests-'));
const folder = join(root, 'config/releases');
const file = join(folder, 'dev.json');
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  writeFileSync(file, `{\n  "basket": {},\n  "${MODEL}": {}\n}\n`);
});

const REGISTERED = new Date('2026-01-02T00:00:00Z');
const url = (version: number) => `s3://models/${MODEL}/${version}/output/model.tar.gz`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Versions 1 and 2 are approved, 3 is not; each has an image by a tag, whose digest SageMaker knows. */
function account(): FakeAccount {
  const made = new FakeAccount().register('Approved', 'Approved', 'PendingManualApproval');
  for (const version of [1, 2, 3]) {
    made.artefacts.set(url(version), { text: `archive ${version}`, lastModified: new Date('2026-01-01T00:00:00Z') });
    describePackage(made, version, {
      Image: '111111111111.dkr.ecr.eu-west-1.amazonaws.com:443/sklearn:7',
      ImageDigest: `sha256:${String(version).repeat(64)}`,
      ModelDataUrl: url(version),
    });
  }
  return made;
}

function describePackage(made: FakeAccount, version: number, container: object): void {
  const details = { CreationTime: REGISTERED, InferenceSpecification: { Containers: [container] } };
  made.packages.set(packageArn(version), details);
}

interface Choice {
  readonly plane?: Partial<PlaneInput>;
  readonly version?: string;
  readonly json?: boolean;
  readonly runtime?: RuntimeName;
  readonly people?: number;
}

async function run(made: FakeAccount, { plane: more, version, json, runtime, people }: Choice = {}) {
  const models = defineModels({
    [MODEL]: kubernetesModel({ kubernetes: { loadSeconds: 4, runtime } }),
    basket: kubernetesModel(),
  });
  const releases = more?.releases ?? readReleases('dev', root);
  const spec = environment([MODEL, 'basket'], {
    account: '111111111111',
    planes: ['kubernetes'],
    approval: { kind: 'manual', personas: ['approver'], people, expiresHours: 24 },
    kubernetes: plane({ engine: { kind: 'argo-rollouts' }, download, ...more, releases }),
  });
  const { dev } = defineEnvironments(models, { dev: spec });
  const recorded = { ...surroundings(), repository: root };
  const chosen = { environmentName: 'dev', environment: dev, model: MODEL, spec: models[MODEL] } as never;
  const context: ReleaseCommandContext = {
    surroundings: recorded,
    sleep: made.sleep,
    user: () => 'ada',
    open: async (_, work) => work(await openRelease({ chosen, api: made, surroundings: recorded, toChange: false })),
  };
  await writeManifests(MODEL, version, { env: 'dev', json }, context);
  return recorded.lines.join('\n');
}

const written = () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const literal = (version: number) => ({
  version,
  image: `111111111111.dkr.ecr.eu-west-1.amazonaws.com:443/sklearn@sha256:${String(version).repeat(64)}`,
  artefact: { kind: 'download', url: url(version), sha256: sha256(`archive ${version}`) },
});

describe('promote --write-manifests', () => {
  const refused = async (act: Promise<unknown>): Promise<string> => {
    const before = existsSync(file) ? readFileSync(file) : undefined;
    const error: unknown = await act.then(
      () => new Error('it was not refused'),
      (reason: unknown) => reason,
    );
    expect(existsSync(file) ? readFileSync(file) : undefined).toEqual(before);
    return error instanceof Error ? error.message : String(error);
  };

  test('writes the newest approved version as literal values, and leaves other models alone', async () => {
    expect(await run(account())).toBe(
      `Version 2 of ${MODEL} is the stable release in config/releases/dev.json. Commit it; npm run charts makes manifests of it.`,
    );
    expect(written()).toEqual({ basket: {}, [MODEL]: { stable: literal(2) } });
    expect(readdirSync(folder)).toEqual(['dev.json']);
  });

  test('releases nothing: no parameter, no stack, nobody told', async () => {
    const made = account();
    await run(made);
    expect([made.roles, made.published, made.changes]).toEqual([[], [], []]);
  });

  test('changes nothing the second time, not a byte', async () => {
    const made = account();
    await run(made);
    const before = readFileSync(file);
    expect(await run(made)).toBe(`Version 2 of ${MODEL} stands in config/releases/dev.json already.`);
    expect(readFileSync(file)).toEqual(before);
  });

  test('writes the version that is named, an earlier one too', async () => {
    const made = account();
    await run(made);
    await run(made, { version: '1' });
    expect(written()[MODEL]).toEqual({ stable: literal(1) });
  });

  test('writes a candidate where commits take the steps', async () => {
    const engine = { kind: 'plain', guards: 'alert' } as const;
    const made = account();
    await run(made, { version: '1', plane: { engine } });
    expect(await run(made, { version: '2', plane: { engine } })).toContain('is the candidate in');
    expect(written()[MODEL]).toEqual({ stable: literal(1), candidate: { ...literal(2), step: 0 } });
  });

  test('prints one JSON object with --json', async () => {
    expect(JSON.parse(await run(account(), { json: true }))).toEqual({
      environment: 'dev',
      model: MODEL,
      version: 2,
      file: 'config/releases/dev.json',
      changed: true,
      releases: { stable: literal(2) },
      evidence: expect.stringMatching(/^releases\/dev\/.+\/manifests\/.+-release-[0-9a-f]{8}\.json$/) as string,
    });
  });

  describe('keeps as evidence', () => {
    const records = (made: FakeAccount) =>
      [...made.aws.objects.entries()]
        .filter(([key]) => key.includes('/manifests/'))
        .map(([, { body }]) => SealedManifestRecord.parse(JSON.parse(body)));

    test('who released which version by which literal values, sealed', async () => {
      const made = account();
      await run(made, { version: '1' });
      await run(made, { version: '2' });
      const [, last] = records(made);
      expect(last).toMatchObject({
        environment: 'dev',
        model: MODEL,
        change: 'release',
        version: 2,
        modelPackage: { arn: packageArn(2), approval: 'Approved', artefact: url(2) },
        file: 'config/releases/dev.json',
        before: { stable: literal(1) },
        after: { stable: literal(2) },
        by: 'ada',
        reason: 'promoted by hand',
      });
      expect(records(made).map(isIntact)).toEqual([true, true]);
    });

    test('nothing where nothing changes', async () => {
      const made = account();
      await run(made);
      await run(made);
      expect(records(made)).toHaveLength(1);
    });

    test('nothing of what is refused, and writes nothing whose evidence could not be kept', async () => {
      const made = account();
      await refused(run(made, { plane: { download: undefined } }));
      expect(records(made)).toEqual([]);
      jest.spyOn(made.s3, 'putObject').mockRejectedValueOnce(new Error('the bucket is gone'));
      expect(await refused(run(made))).toContain('the bucket is gone');
      expect(readdirSync(folder)).toEqual(['dev.json']);
    });
  });

  describe('holds the server of the image against the runtime of the model', () => {
    const pythonImage = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/images:sklearn';
    const serverImage = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/images:onnx';
    const of = (Image: string, metadata: Record<string, string>) => {
      const made = account();
      const Containers = [{ Image, ImageDigest: `sha256:${'2'.repeat(64)}`, ModelDataUrl: url(2) }];
      made.packages.set(packageArn(2), {
        CreationTime: REGISTERED,
        InferenceSpecification: { Containers },
        CustomerMetadataProperties: metadata,
      });
      return made;
    };
    const ours = { pipeline_execution_id: '1' };
    const exported = { ...ours, training_image: pythonImage };

    test('an ONNX form is not served by pods of the Python server, nor the other way round', async () => {
      expect(await refused(run(of(serverImage, exported)))).toBe(
        `version 2: its image has the server onnx, got the runtime python of ${MODEL}; set kubernetes.runtime of ${MODEL} to onnx in config/models.ts, or promote a version with a Python server`,
      );
      expect(await refused(run(of(pythonImage, exported), { runtime: 'onnx' }))).toContain(
        `version 2: its image has the servers python, fastapi, flask, django, got the runtime onnx of ${MODEL}; set kubernetes.runtime`,
      );
      expect(await refused(run(of(pythonImage, ours), { runtime: 'mlserver' }))).toContain('got the runtime mlserver');
    });

    test.each([
      ['onnx', serverImage, exported],
      ['python', pythonImage, exported],
      ['python', pythonImage, ours],
      ['fastapi', pythonImage, ours],
      ['mlserver', 'seldonio/mlserver', {}],
    ] as const)('%s is served from its own image', async (runtime, image, metadata) => {
      await run(of(image, metadata), { runtime });
      expect(written()[MODEL]).toHaveProperty('stable.version', 2);
    });
  });

  describe('asks for the approvals of the environment', () => {
    const HOUR = 3_600_000;
    const NOW = Date.parse('2026-01-02T03:04:05Z');
    const changed = (made: FakeAccount, version: number, hoursAgo: number) =>
      made.packages.set(packageArn(version), {
        ...made.packages.get(packageArn(version)),
        LastModifiedTime: new Date(NOW - hoursAgo * HOUR),
      });
    const approve = (made: FakeAccount, person: string, hoursAgo: number) =>
      made.ports.approvals.add({
        schema: 1,
        environment: 'dev',
        model: MODEL,
        modelPackage: packageArn(2),
        version: 2,
        verdict: 'approved',
        person,
        reason: 'good',
        decidedAt: new Date(NOW - hoursAgo * HOUR).toISOString(),
      });

    test('one that has expired does not count', async () => {
      const made = account();
      changed(made, 2, 24.1);
      expect(await refused(run(made))).toBe(
        'VERSION: must be approved to serve, got version 2 was approved at 2026-01-01T02:58:05.000Z, more than 24 hours ago; ' +
          `npx mlops release approve ${MODEL} 2 --env dev --reason … approves it`,
      );
      changed(made, 2, 24);
      await run(made);
      expect(written()[MODEL]).toEqual({ stable: literal(2) });
    });

    test('to go back takes none: what was stable was approved', async () => {
      const made = account();
      await run(made, { version: '1' });
      await run(made, { version: '2' });
      changed(made, 1, 1000);
      await run(made, { version: '1' });
      expect(written()[MODEL]).toEqual({ stable: literal(1) });
      // The same version with another archive has never served.
      made.artefacts.set(url(2), { text: 'another', lastModified: new Date('2026-01-01T00:00:00Z') });
      changed(made, 2, 1000);
      expect(await refused(run(made, { version: '2' }))).toContain('more than 24 hours ago');
    });

    test('a candidate that never became the stable release has not served', async () => {
      const engine = { kind: 'plain', guards: 'alert' } as const;
      const made = account();
      await run(made, { version: '1', plane: { engine } });
      await run(made, { version: '2', plane: { engine } });
      writeFileSync(file, JSON.stringify({ basket: {}, [MODEL]: { stable: literal(1) } }));
      changed(made, 2, 25);
      expect(await refused(run(made, { version: '2', plane: { engine } }))).toContain('more than 24 hours ago');
    });

    test('of two people where it asks two', async () => {
      const made = account();
      expect(await refused(run(made, { people: 2 }))).toContain('got version 2 has 0 of 2 approvals');
      await approve(made, 'arn:ada', 2);
      await approve(made, 'arn:ada', 1);
      expect(await refused(run(made, { people: 2 }))).toContain('got version 2 has 1 of 2 approvals, by arn:ada');
      await approve(made, 'arn:bob', 1);
      await run(made, { people: 2 });
      expect(written()[MODEL]).toEqual({ stable: literal(2) });
    });
  });

  test('refuses a version that is not approved, or that nobody registered', async () => {
    expect(await refused(run(account(), { version: '3' }))).toContain('VERSION: must be approved to serve, got 3');
    expect(await refused(run(account(), { version: '9' }))).toContain('VERSION: no such version, got 9');
  });

  test('refuses an archive that was replaced after the version was registered', async () => {
    const made = account();
    made.artefacts.set(url(2), { text: 'another', lastModified: new Date('2026-01-03T00:00:00Z') });
    expect(await refused(run(made))).toBe(
      `${url(2)}: was written before version 2 was registered, got 2026-01-03T00:00:00.000Z after 2026-01-02T00:00:00.000Z; ` +
        'find out who replaced it: what was approved is not what is there',
    );
    made.artefacts.set(url(2), { text: 'archive 2', lastModified: REGISTERED });
    await run(made);
    expect(written()[MODEL]).toEqual({ stable: literal(2) });
  });

  test('refuses an archive that is not there', async () => {
    const made = account();
    made.artefacts.clear();
    expect(await refused(run(made))).toBe(
      `${url(2)}: can't be read, got The specified key does not exist.; nothing was written`,
    );
  });

  test('refuses an image without a digest, and a version without an archive', async () => {
    const made = account();
    describePackage(made, 2, { Image: 'registry/sklearn:7', ModelDataUrl: url(2) });
    expect(await refused(run(made))).toContain(
      'version 2: an image in a manifest is named by its digest, got registry/sklearn:7 without one',
    );
    describePackage(made, 2, { Image: `registry/sklearn@sha256:${'a'.repeat(64)}`, ModelDataUrl: 's3://models/x/' });
    expect(await refused(run(made))).toContain('version 2: has to have a model.tar.gz that pods can download, got s3:');
  });

  test('refuses what the environment could not serve', async () => {
    expect(await refused(run(account(), { plane: { download: undefined } }))).toContain(
      `kubernetes.releases.${MODEL}.stable.artefact: is downloaded by an image that the environment names`,
    );
  });

  test('refuses an environment whose releases stand elsewhere', async () => {
    const elsewhere = { [MODEL]: { stable: literal(1) as never }, basket: {} };
    expect(await refused(run(account(), { plane: { releases: elsewhere } }))).toContain(
      "config/releases/dev.json: is not what dev reads, got other releases in its config; set its kubernetes.releases to readReleases('dev')",
    );
    rmSync(file);
    expect(await refused(run(account(), { plane: { releases: elsewhere } }))).toContain('got no such file');
  });

  test('waits for nobody: a second command at the same time is refused, and so is one after a kill', async () => {
    writeFileSync(`${file}.draft`, 'half');
    expect(await refused(run(account()))).toBe(
      'config/releases/dev.json: is written by one command at a time, got config/releases/dev.json.draft of another one; ' +
        'wait for it, or remove the draft if that command was ended',
    );
    expect(readFileSync(`${file}.draft`, 'utf8')).toBe('half');
  });

  test('leaves the draft of a command alone that begins when this one has written', async () => {
    const fs = jest.requireActual<typeof nodeFs>('node:fs');
    const { renameSync } = fs;
    const rename = jest.spyOn(fs, 'renameSync').mockImplementationOnce((from, to) => {
      renameSync(from, to);
      writeFileSync(from, 'of another command');
    });
    try {
      await run(account());
    } finally {
      rename.mockRestore();
    }
    expect(written()[MODEL]).toEqual({ stable: literal(2) });
    expect(readFileSync(`${file}.draft`, 'utf8')).toBe('of another command');
  });

  test('is refused for a plane that the environment has not, and models it does not know', async () => {
    const staging = { environmentName: 'staging', environment: environments.staging } as never;
    expect(() => requireReleaseFile(staging, root)).toThrow(
      '--env staging: manifests are of the plane kubernetes, got an environment without it; leave --write-manifests out',
    );
    const unknown = await release(account(), 'promote', 'chrun', '--write-manifests');
    expect(unknown.error?.message).toContain('MODEL: no such model in dev, got chrun');
  });
});

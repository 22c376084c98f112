/**
 * Prints where the time of a step of a pipeline goes, and writes it into docs/performance.md. It needs Linux, and an
 * idle machine.
 *
 *   npx tsx test/performance/executor/profile/step-profile.ts [--steps 1000] [--only ID,ID] [--force]
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { localAwsStatus } from '../../../../local/aws/local-aws';
import { findPython } from '../../../../local/python/find-python';
import { killBenchAws, startBenchAws } from '../../measure/bench-aws';
import type { BenchPlace } from '../../measure/bench-place';
import { thisMachine } from '../../measure/machine';
import { publish, warnIfBusy } from '../../measure/publish';
import { ONE_THREAD } from '../peers';
import type { Shape } from '../work';
import { type ProfiledSetting, profileReport } from './profile-report';
import { runProfile } from './run-profile';

const STEP = { tag: 'bench-step', script: 'step.py' };
const BUCKET = 'bench-profile';

interface Setting {
  readonly id: string;
  readonly title: string;
  readonly shape: Shape;
  readonly forkServer: boolean;
  readonly bucket?: string;
}

const SETTINGS: readonly Setting[] = [
  { id: 'chain', title: 'chain', shape: 'chain', forkServer: true },
  { id: 'fan-out', title: 'fan-out', shape: 'fan-out', forkServer: true },
  { id: 'anew', title: 'chain, no forks', shape: 'chain', forkServer: false },
  { id: 's3', title: 'chain, S3', shape: 'chain', forkServer: true, bucket: BUCKET },
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { steps: { type: 'string' }, only: { type: 'string' }, force: { type: 'boolean' } },
  });
  const steps = Number(values.steps ?? 1000);
  const wanted = values.only?.split(',') ?? SETTINGS.map(({ id }) => id);
  const unknown = wanted.filter((id) => !SETTINGS.some((setting) => setting.id === id));
  if (!Number.isInteger(steps) || steps < 3 || unknown.length > 0) {
    console.error(
      `step-profile: takes --steps of 3 or more and --only of ${SETTINGS.map(({ id }) => id).join(', ')}, got ${values.steps ?? ''} ${unknown.join(',')}; correct it`,
    );
    process.exitCode = 2;
    return;
  }
  const root = resolve(__dirname, '../../../..');
  const place: BenchPlace = {
    root,
    directory: join(root, '.mlops', 'bench'),
    say: (message) => console.error(message),
  };
  mkdirSync(place.directory, { recursive: true });
  mkdirSync(join(root, '.mlops', 'python'), { recursive: true });
  process.on('exit', killBenchAws);
  const machine = thisMachine();
  warnIfBusy(place, machine);
  const image = {
    tag: STEP.tag,
    program: join(__dirname, '..', 'peers'),
    interpreter: await findPython(process.env),
    environment: ONE_THREAD,
  };
  const aws = await startBenchAws(place, 'profile-aws', []);
  try {
    const { endpoint = '', aws: daemon } = localAwsStatus(aws.state);
    await aws.clients.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const found: ProfiledSetting[] = [];
    for (const { title, shape, forkServer, bucket } of SETTINGS.filter(({ id }) => wanted.includes(id))) {
      place.say(title);
      const emulator = { endpoint, pid: daemon?.pid ?? 0 };
      const work = { shape, steps };
      // oxlint-disable-next-line no-await-in-loop -- each has the machine for itself
      const profile = await runProfile({ place, aws: emulator, image, step: STEP, work, forkServer, bucket });
      found.push({ title, profile });
    }
    const options = { json: false, force: values.force ?? false, only: values.only?.split(',') };
    const report = `A pipeline of ${steps} steps, everything in milliseconds a step.\n\n${profileReport(found)}`;
    publish({ place, part: 'executor-profile', options, machine, report, results: {} });
  } finally {
    await aws.close();
  }
}

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => process.exit());

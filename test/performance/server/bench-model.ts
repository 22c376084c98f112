import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '../../../core/invalid-input-error';
import { withProcessLock } from '../../../local/daemon/process-lock';
import { runLogged } from '../../../local/daemon/run-logged';
import { replaceFolder } from '../../../local/python/replace-folder';
import { type BenchPlace, pythonOf } from '../measure/bench-place';

export type Row = Readonly<Record<string, string | number | null>>;

/** A trained model and held-out rows to ask it. */
export interface BenchModel {
  /** What SAGEMAKER_BASE_DIR says: the model is in its folder `model`. */
  readonly base: string;
  readonly rows: readonly Row[];
  /** Names of the columns that hold words. */
  readonly words: ReadonlySet<string>;
}

export const ROWS = 100;
const LOCK = 'test/python/requirements.lock';

/**
 * The flight-delay model, trained by the workload's own scripts with their defaults on all flights, and exported. It is
 * made once for a state of those scripts.
 * @param given folder of another one, as the training leaves it
 * @throws Error if it can't be trained
 */
export async function benchModel(place: BenchPlace, given?: string): Promise<BenchModel> {
  if (given !== undefined) return readModel(given);
  const { root, directory, say } = place;
  const folder = join(directory, `flight-delay-${fingerprint(root)}`);
  await withProcessLock(`${folder}.lock`, async () => {
    if (existsSync(join(folder, 'rows.json'))) return;
    const python = await pythonOf(place, { name: 'test', lock: LOCK });
    say('training the flight-delay model');
    await replaceFolder(folder, async (draft) => {
      mkdirSync(draft);
      const { code, tail } = await runLogged({
        command: python,
        args: [join(__dirname, 'make_model.py'), draft, String(ROWS)],
        environment: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          PYTHONPATH: join(root, 'workloads'),
          SAGEMAKER_BASE_DIR: draft,
          OMP_NUM_THREADS: '1',
        },
        logFile: join(directory, 'model.log'),
      });
      if (code !== 0) throw new Error(`make_model.py: must end with code 0, got ${code}; mend it:\n${tail}`);
      return true;
    });
  });
  return readModel(folder);
}

function readModel(base: string): BenchModel {
  try {
    const rows = JSON.parse(readFileSync(join(base, 'rows.json'), 'utf8')) as Row[];
    const card = JSON.parse(readFileSync(join(base, 'model', 'model.json'), 'utf8')) as {
      readonly features: readonly { readonly name: string; readonly kind: string }[];
    };
    if (rows.length < ROWS || !existsSync(join(base, 'model', 'model.onnx'))) throw new Error('too little in it');
    const words = card.features.filter(({ kind }) => kind === 'category').map(({ name }) => name);
    return { base, rows: rows.slice(0, ROWS), words: new Set(words) };
  } catch (cause) {
    throw new InvalidInputError(
      base,
      `must hold model/ with model.joblib, model.json and model.onnx, and rows.json with ${ROWS} rows, got: ${(cause as Error).message}`,
      'leave --model out, or make the folder with test/performance/server/make_model.py',
      { cause },
    );
  }
}

/** Of whatever the model is made by. */
function fingerprint(root: string): string {
  const hash = createHash('sha256');
  const folders = ['workloads/common', 'workloads/flight_delay'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.py'))
      .toSorted()
      .map((name) => join(folder, name)),
  );
  for (const file of [...folders, LOCK, 'test/performance/server/make_model.py']) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 12);
}

import { join } from 'node:path';
import type { BenchPlace } from '../measure/bench-place';
import { differences, stagesOf } from './assembly';
import type { SynthFigures } from './figures';
import { runApp } from './run-app';
import { roundsOf, type SizeResult, type SynthResults } from './synth-results';

type Measured = 'ours' | 'bare';

class Apps {
  private readonly plan: string;
  private readonly outdirs: Readonly<Record<Measured, string>>;

  constructor(
    private readonly place: BenchPlace,
    private readonly models: number,
  ) {
    this.plan = join(place.directory, 'synth-plan');
    this.outdirs = { ours: join(place.directory, 'synth-ours'), bare: join(place.directory, 'synth-bare') };
  }

  async run(app: Measured, validates: boolean): Promise<SynthFigures> {
    const figures = await runApp(this.place, {
      script: app === 'ours' ? 'our-app.ts' : 'bare-app.ts',
      args: [app === 'ours' ? String(this.models) : this.plan],
      outdir: this.outdirs[app],
      validates,
    });
    if (!figures) throw new Error(`${app}: measured nothing`);
    return figures;
  }

  /**
   * Writes what the bare app is to make, from what ours has just made.
   * @returns how much that is
   */
  async prepare(): Promise<Pick<SizeResult, 'stacks' | 'resources'>> {
    await runApp(this.place, {
      script: 'write-plan.ts',
      args: [this.outdirs.ours, this.plan],
      outdir: join(this.place.directory, 'synth-none'),
      validates: false,
    });
    const stacks = [...stagesOf(this.outdirs.ours)].flatMap((stage) =>
      stage.stacks.map(({ template }) => Object.keys(template.Resources).length),
    );
    return { stacks: stacks.length, resources: stacks.reduce((sum, count) => sum + count, 0) };
  }

  /** @throws Error that names the stacks that aren't equal */
  check(): void {
    const found = differences(this.outdirs.ours, this.outdirs.bare);
    if (found.length > 0) {
      throw new Error(
        `${this.models} models: both apps must make the same, got others in ${found.slice(0, 10).join(', ')}; compare ${this.outdirs.ours} with ${this.outdirs.bare}`,
      );
    }
  }
}

/** Synthesises with both apps and compares what they make. @throws Error where it isn't the same */
export async function checkSynth(place: BenchPlace, sizes: readonly number[]): Promise<void> {
  for (const models of sizes) {
    const apps = new Apps(place, models);
    await apps.run('ours', false);
    const { stacks, resources } = await apps.prepare();
    await apps.run('bare', false);
    apps.check();
    place.say(`models ${models}: ${resources} resources in ${stacks} stacks are the same`);
  }
}

/** Measures both apps in turn, each in a process of its own, what they make compared before. */
export async function runSynth(place: BenchPlace, sizes: readonly number[], rounds: number): Promise<SynthResults> {
  // Whatever is kept from one synthesis to the next is there now.
  await new Apps(place, 1).run('ours', false);
  const results: SizeResult[] = [];
  for (const models of sizes) {
    const apps = new Apps(place, models);
    let made: Pick<SizeResult, 'stacks' | 'resources'> | undefined;
    const validated = { ours: [] as SynthFigures[], bare: [] as SynthFigures[] };
    const unvalidated = { ours: [] as SynthFigures[], bare: [] as SynthFigures[] };
    for (let round = 0; round < roundsOf(models, rounds); round++) {
      for (const validates of [false, true]) {
        const runs = validates ? validated : unvalidated;
        place.say(`models ${models}, round ${round + 1}${validates ? ', templates validated' : ''}`);
        // Ours must be first until there is a plan; then they take turns.
        for (const app of made && round % 2 === 1 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const)) {
          runs[app].push(await apps.run(app, validates));
          made ??= await apps.prepare();
        }
        // What is made depends neither on the round nor on the validation.
        if (round === 0 && !validates) apps.check();
      }
    }
    if (made) results.push({ models, ...made, validated, unvalidated });
  }
  return { rounds, sizes: results };
}

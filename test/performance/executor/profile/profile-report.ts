import { figure, markdownTable } from '../../measure/figures';
import { CAUSES } from './causes';
import { MEMORY, REST } from './cpu-profile';
import type { StepProfile } from './run-profile';

export interface ProfiledSetting {
  readonly title: string;
  readonly profile: StepProfile;
}

/** Tables of Markdown: a column a setting, in milliseconds a step. */
export function profileReport(settings: readonly ProfiledSetting[]): string {
  const rows = (lines: readonly (readonly [string, (profile: StepProfile) => number])[]) =>
    lines.map(([title, of]) => [title, ...settings.map(({ profile }) => figureOf(of(profile)))]);
  const head = (first: string) => [first, ...settings.map(({ title }) => title)];
  return [
    markdownTable(
      head('from begin to end, ms'),
      rows([
        ['from the step before to this one', ({ phases }) => phases.between],
        ['before its process: records, folder, inputs', ({ phases }) => phases.before],
        ['its process: from asking for it to hearing of its end', ({ phases }) => phases.process],
        ['after its process: outputs, records', ({ phases }) => phases.after],
      ]),
    ),
    markdownTable(
      head('processor time, ms'),
      rows([
        ['the processes of the steps', ({ processes }) => processes.steps],
        ['what starts them', ({ processes }) => processes.starter],
        ['the local SageMaker', ({ processes }) => processes.sageMaker],
        ['the emulator', ({ processes }) => processes.emulator],
      ]),
    ),
    markdownTable(
      head('the local SageMaker, ms'),
      rows(
        [...CAUSES.map(({ title }) => title), MEMORY, REST].map((title) => [
          title,
          ({ causes }) => causes.get(title) ?? 0,
        ]),
      ),
    ),
  ].join('\n\n');
}

function figureOf(value: number): string {
  return value < 0.005 ? '0' : figure(value);
}

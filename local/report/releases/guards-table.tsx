import type { RolloutJudgement } from '../../../core/release/guards/rollout-judgement';

const CLASSES: Readonly<Record<RolloutJudgement['verdict'], string>> = {
  healthy: 'good',
  tripped: 'bad',
  inconclusive: 'soft',
};

/** What each guard had to say of a release, and what that rests on. */
export function GuardsTable({ judgement }: { readonly judgement: RolloutJudgement }) {
  const { verdict, whenInconclusive, from, to, guards } = judgement;
  return (
    <>
      <p class="soft">
        Guards: <span class={CLASSES[verdict]}>{verdict}</span>, from {time(from)} to {time(to)} UTC
        {verdict === 'inconclusive' && whenInconclusive !== null && `; whenInconclusive is ${whenInconclusive}`}
      </p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>guard</th>
              <th>verdict</th>
              <th class="number">at worst</th>
              <th class="number">bound</th>
              <th class="number">periods judged</th>
              <th class="number">most samples</th>
            </tr>
          </thead>
          <tbody>
            {guards.map((guard) => (
              <tr key={guard.alarm}>
                <td>{guard.guard}</td>
                <td class={CLASSES[guard.verdict]}>{guard.verdict}</td>
                <td class="number">{guard.worst === null ? '–' : Number(guard.worst.toPrecision(3))}</td>
                <td class="number">{guard.threshold}</td>
                <td class="number whole">
                  {guard.judged} of {guard.periods}
                </td>
                <td class="number whole">
                  {guard.samples === null ? '–' : `${guard.samples}, takes ${guard.minimumSamples}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function time(iso: string): string {
  return iso.slice(11, 19);
}

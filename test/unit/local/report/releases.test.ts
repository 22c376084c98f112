import type { RolloutJudgement } from '../../../../core/release/guards/rollout-judgement';
import { errorChart, latencyChart, trafficChart } from '../../../../local/report/charts/shift-charts';
import { graphOf } from '../../../../local/report/graph-of';
import { renderPage } from '../../../../local/report/page';
import { joinReleases, type ReleasesView } from '../../../../local/report/releases/release-view';
import { exampleRehearsal } from '../rehearsal/example-rehearsal';
import { exampleDeployment, exampleHistory, exampleRecord, exampleReleases } from './example-releases';
import { exampleSummary } from './example-summary';

const page = (view?: ReleasesView) => renderPage(exampleSummary, graphOf({ Steps: [] }), view);
const text = (html: string) =>
  html
    .replaceAll(/<svg.*?<\/svg>/gs, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('what is known of releases', () => {
  test('is the latest first, each with the deployment that ran while it was on its way', () => {
    const { releases } = exampleReleases;
    expect(releases.map(({ record, deployment }) => [record.decision.version, deployment?.id])).toEqual([
      [3, undefined],
      [2, exampleDeployment.id],
      [1, undefined],
    ]);
  });

  test('has the rehearsal of the very version and time', () => {
    expect(exampleReleases.releases.map(({ rehearsal }) => rehearsal?.kind)).toEqual([undefined, 'errors', undefined]);
    const earlier = { ...exampleRehearsal, startedAt: '2026-01-01T00:00:00.000Z' };
    expect(joinReleases([exampleRecord(2, 'rolled-back', 10)], undefined, [earlier])[0]?.rehearsal).toBeUndefined();
  });

  test('takes the first deployment where going back was one too', () => {
    const back = { ...exampleDeployment, id: 'back', startTime: '2026-01-02T03:10:30.000Z' };
    const history = { ...exampleHistory, deployments: [back, exampleDeployment] };
    expect(joinReleases([exampleRecord(2, 'rolled-back', 10)], history, [])[0]?.deployment?.id).toBe(
      exampleDeployment.id,
    );
  });
});

describe('releases on the page', () => {
  test('are a table with outcome and exposure, and the alarm that sent one back', () => {
    const shown = text(page(exampleReleases));
    expect(shown).toContain('3 released promotion by mlops local – – 01-02 03:11');
    expect(shown).toContain('2 rolled-back rehearsal: errors 10 9 01-02 03:10');
    expect(shown).toContain('Version 2: canary, rolled-back');
    expect(shown).toContain('Bad on purpose (errors). 10 % for 10 min, 100 % for 10 min. Sent back by:');
    expect(shown).toContain('ErrorRate Threshold Crossed: 1 datapoint [9.8] was greater than &lt;1.0>');
  });

  test('show what each guard had to say, and what that rests on', () => {
    const [, second] = exampleReleases.releases;
    const guard = {
      alarm: 'stack-ErrorRate',
      comparison: 'GreaterThanThreshold',
      threshold: 1,
      periodSeconds: 1,
      periods: 25,
      minimumSamples: 20,
    };
    const judgement: RolloutJudgement = {
      verdict: 'inconclusive',
      whenInconclusive: 'proceed',
      from: '2026-01-02T03:10:22.000Z',
      to: '2026-01-02T03:10:26.000Z',
      guards: [
        { ...guard, guard: 'ErrorRate', verdict: 'tripped', worst: 9.81234, judged: 25, samples: 31 },
        {
          ...guard,
          guard: 'Memory',
          alarm: 'stack-Memory',
          verdict: 'inconclusive',
          worst: null,
          judged: 0,
          samples: null,
        },
      ],
    };
    const releases = second ? [{ ...second, record: { ...second.record, judgement } }] : [];
    const shown = text(page({ ...exampleReleases, releases }));
    expect(shown).toMatch(/Guards: inconclusive , from 03:10:22 to 03:10:26 UTC ?; whenInconclusive is proceed/);
    expect(shown).toContain('ErrorRate tripped 9.81 1 25 of 25 31, takes 20');
    expect(shown).toContain('Memory inconclusive – 1 0 of 25 –');
    expect(text(page(exampleReleases))).not.toContain('periods judged');
  });

  test('are left out where there are none', () => {
    expect(page()).not.toContain('id="releases"');
    expect(page({ ...exampleReleases, releases: [] })).not.toContain('id="releases"');
  });

  test('say why one failed that no alarm sent back', () => {
    const deployment = { ...exampleDeployment, fired: [] };
    const [, second] = exampleReleases.releases;
    const releases = second ? [{ ...second, deployment }] : [];
    expect(text(page({ ...exampleReleases, releases }))).toContain('went into ALARM state: [ErrorRate]');
  });

  test('draws at most four shifts, and lists all', () => {
    const [, second] = exampleReleases.releases;
    const releases = Array.from({ length: 6 }, () => second).flatMap((each) => each ?? []);
    const html = page({ ...exampleReleases, releases });
    expect(html.match(/<article>/g)).toHaveLength(4);
    expect(html.match(/rehearsal: errors/g)).toHaveLength(6);
  });
});

describe('the charts of a shift', () => {
  const props = { deployment: exampleDeployment, speed: 60 };

  test('mark the moment of the rollback and the bound of the guard', () => {
    expect(trafficChart(props)).toContain('>rollback<');
    const errors = errorChart({ ...props, threshold: 1 });
    expect(errors).toContain('>rollback<');
    expect(errors).toContain('>guard<');
    expect(latencyChart({ ...props, threshold: 1000 })).toContain('>new version<');
  });

  test('mark no rollback where there was none', () => {
    const events = exampleDeployment.events.filter(({ stage }) => stage !== 'RollingBack');
    expect(trafficChart({ ...props, deployment: { ...exampleDeployment, events } })).not.toContain('>rollback<');
  });

  test('survive a deployment that has only just begun', () => {
    const deployment = { ...exampleDeployment, events: [], series: [], endTime: undefined };
    for (const svg of [
      trafficChart({ deployment, speed: 60 }),
      errorChart({ deployment, speed: 60, threshold: 1 }),
      latencyChart({ deployment, speed: 60, threshold: 1 }),
    ]) {
      expect(svg).toContain('<svg');
      expect(svg).not.toContain('NaN');
    }
  });
});

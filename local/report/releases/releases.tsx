import { Chart } from '../chart';
import { errorChart, latencyChart, trafficChart } from '../charts/shift-charts';
import { GuardsTable } from './guards-table';
import type { ReleasesView, ReleaseView } from './release-view';

/** Releases that are drawn; the table has them all. */
const DRAWN = 4;
const CLASSES: Readonly<Record<string, string>> = { released: 'good', 'rolled-back': 'bad', failed: 'bad' };

/** All releases in a table, and how the traffic of the latest ones moved. */
export function Releases({ view }: { readonly view: ReleasesView }) {
  const shifts = view.releases.filter(({ deployment }) => deployment).slice(0, DRAWN);
  return (
    <section class="wide" id="releases">
      <h2>Releases</h2>
      <div class="scroll">
        <ReleasesTable releases={view.releases} />
      </div>
      {shifts.map((release) => (
        <Shift key={release.record.decision.decidedAt} release={release} view={view} />
      ))}
    </section>
  );
}

function ReleasesTable({ releases }: { readonly releases: readonly ReleaseView[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>version</th>
          <th>outcome</th>
          <th>what</th>
          <th class="number">requests on it</th>
          <th class="number">failed</th>
          <th>decided (UTC)</th>
        </tr>
      </thead>
      <tbody>
        {releases.map(({ record, deployment, rehearsal }) => (
          <tr key={record.decision.decidedAt}>
            <td>{record.decision.version}</td>
            <td class={`whole ${CLASSES[record.outcome] ?? ''}`}>{record.outcome}</td>
            <td>{rehearsal ? `rehearsal: ${rehearsal.kind}` : `${record.decision.kind} by ${record.decision.by}`}</td>
            <td class="number">{deployment?.green.requests ?? '–'}</td>
            <td class="number">{deployment?.green.errors ?? '–'}</td>
            <td class="whole">{record.decision.decidedAt.slice(5, 16).replace('T', ' ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Shift({ release, view }: { readonly release: ReleaseView; readonly view: ReleasesView }) {
  const { record, deployment, rehearsal } = release;
  if (!deployment) return null;
  const { speed, errorRatePercent, p99LatencyMs } = view;
  const shown = { deployment, speed };
  const title = `Version ${record.decision.version}: ${deployment.strategy.toLowerCase().replaceAll('_', ' ')}, ${record.outcome}`;
  return (
    <article>
      <h3 class={CLASSES[record.outcome]}>{title}</h3>
      <p class="soft">
        {rehearsal && rehearsal.kind !== 'good' ? `Bad on purpose (${rehearsal.kind}). ` : ''}
        {deployment.plan
          .map(({ greenPercent, waitSeconds }) => `${greenPercent} % for ${waitSeconds / 60} min`)
          .join(', ')}
        {deployment.fired.length > 0 ? '. Sent back by:' : '.'}
      </p>
      {deployment.fired.map(({ name, reason }) => (
        <p class="bad" key={name}>
          <code>{name}</code> {reason}
        </p>
      ))}
      {record.failure !== null && deployment.fired.length === 0 && <p class="bad">{record.failure}</p>}
      {record.judgement && <GuardsTable judgement={record.judgement} />}
      <div class="cards">
        <Chart svg={trafficChart(shown)} label={`${title}: share of the traffic over time`} />
        <Chart
          svg={errorChart({ ...shown, threshold: errorRatePercent })}
          label={`${title}: errors${errorRatePercent === null ? '' : ` beside the bound of ${errorRatePercent} %`}`}
        />
        <Chart
          svg={latencyChart({ ...shown, threshold: p99LatencyMs })}
          label={`${title}: latency${p99LatencyMs === null ? '' : ` beside the bound of ${p99LatencyMs} ms`}`}
        />
      </div>
    </article>
  );
}

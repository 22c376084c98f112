import { render } from 'preact-render-to-string';
import type { Summary } from '../loop/summary';
import { Chart } from './chart';
import { calibrationChart } from './charts/calibration-chart';
import { metricsChart } from './charts/metrics-chart';
import { sliceChart } from './charts/slice-chart';
import { type Graph, PipelineGraph } from './pipeline-graph';
import type { ReleasesView } from './releases/release-view';
import { Releases } from './releases/releases';
import { STYLE } from './style';
import { GatesTable, MetricsTable, Release, StepsTable } from './tables';

/**
 * One page without scripts and without anything to fetch: it can be mailed, archived and opened on a phone.
 * @param releases @default - none are shown
 */
export function renderPage(summary: Summary, graph: Graph, releases?: ReleasesView): string {
  const { evaluation } = summary;
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${summary.model} on ${summary.environment}`}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <main>
          <header>
            <h1>
              {summary.model} on {summary.environment}
            </h1>
            <p>
              Started {summary.startedAt.slice(0, 16).replace('T', ' ')} UTC, {summary.seconds.toFixed(0)} s in all.{' '}
              {evaluation.rows} held-out rows, {(100 * evaluation.positive_rate).toFixed(1)} % positive.
            </p>
          </header>
          <div class="cards">
            <section class="wide">
              <h2>Pipeline</h2>
              <PipelineGraph graph={graph} steps={summary.steps} />
            </section>
            <section>
              <h2>Gates</h2>
              <GatesTable gates={summary.gates} />
            </section>
            <section>
              <h2>Release</h2>
              <Release summary={summary} />
            </section>
            {releases && releases.releases.length > 0 && <Releases view={releases} />}
            <section class="wide">
              <h2>Metrics on held-out data</h2>
              <div class="cards">
                <Chart svg={metricsChart(evaluation)} label="Metrics with their intervals, beside the baseline" />
                <div class="scroll">
                  <MetricsTable evaluation={evaluation} />
                </div>
              </div>
              <p class="soft">
                Bootstrap intervals from {evaluation.resamples} resamples. Baseline: {evaluation.baseline.description}.
              </p>
            </section>
            <section>
              <h2>Calibration</h2>
              <Chart svg={calibrationChart(evaluation)} label="Observed rate against predicted probability" />
              <p class="soft">Bins of equal count. On the dashed line predictions and outcomes agree.</p>
            </section>
            {Object.keys(evaluation.slices).map((column) => (
              <section key={column}>
                <h2>ROC-AUC by {column}</h2>
                <Chart svg={sliceChart(evaluation, column)} label={`ROC-AUC by ${column}`} />
                <p class="soft">Rows in brackets. The red line is the whole.</p>
              </section>
            ))}
            <section>
              <h2>Steps</h2>
              <StepsTable steps={summary.steps} />
            </section>
          </div>
        </main>
      </body>
    </html>
  );
  return `<!doctype html>\n${render(page)}\n`;
}

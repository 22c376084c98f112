import type { Summary } from '../loop/summary';

/** Each metric with its interval and the baseline's value. */
export function MetricsTable({ evaluation }: { readonly evaluation: Summary['evaluation'] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>metric</th>
          <th class="number">value</th>
          <th class="number">{Math.round(evaluation.confidence * 100)} % interval</th>
          <th class="number">baseline</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(evaluation.metrics).map(([name, { value, low, high }]) => (
          <tr key={name}>
            <td>{name.replaceAll('_', ' ')}</td>
            <td class="number">{value.toFixed(3)}</td>
            <td class="number whole">
              {low.toFixed(3)} to {high.toFixed(3)}
            </td>
            <td class="number">{evaluation.baseline.metrics[name]?.toFixed(3) ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function GatesTable({ gates }: { readonly gates: Summary['gates'] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>gate</th>
          <th class="number">measured</th>
          <th>outcome</th>
        </tr>
      </thead>
      <tbody>
        {gates.map(({ metric, bound, threshold, value, passed, champion }) => (
          <tr key={metric + bound}>
            <td>
              {metric} {bound === 'atLeast' ? 'at least' : 'at most'} {threshold}
              {champion && `, better than the champion by more than ${champion.margin}`}
            </td>
            <td class="number">{value.toFixed(3)}</td>
            <td class={passed ? 'good' : 'bad'}>{passed ? 'passed' : 'not met'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function StepsTable({ steps }: { readonly steps: Summary['steps'] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>step</th>
          <th>status</th>
          <th class="number">seconds</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ name, status, seconds, cached }) => (
          <tr key={name}>
            <td>{name}</td>
            <td class={status === 'Succeeded' ? 'good' : status === 'Failed' ? 'bad' : ''}>
              {status}
              {cached ? ' (from the cache)' : ''}
            </td>
            <td class="number">{seconds?.toFixed(1) ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Release({
  summary: { modelPackage, endpoint, invocations, execution },
}: {
  readonly summary: Summary;
}) {
  return (
    <dl>
      <dt>model package</dt>
      <dd>{modelPackage ? <code>{modelPackage.arn}</code> : 'none'}</dd>
      <dt>approval</dt>
      <dd>{modelPackage?.approvalStatus ?? '–'}</dd>
      <dt>endpoint</dt>
      <dd>{endpoint ? `${endpoint.name}, ${endpoint.status}` : 'none'}</dd>
      <dt>requests</dt>
      <dd>
        {invocations
          ? `${invocations.succeeded} of ${invocations.tried} answered, ${invocations.correct} of ${invocations.rows} rows right, median ${invocations.medianMs.toFixed(0)} ms`
          : 'none'}
      </dd>
      <dt>execution</dt>
      <dd>
        <code>{execution.id}</code>, {execution.status}
      </dd>
    </dl>
  );
}

import { relative } from 'node:path';
import pc from 'picocolors';
import type { Summary } from '../local/loop/summary';
import type { StateDirectory } from '../local/state-directory';

/** What the user reads when the loop has ended: the outcome in a few lines, and what to try next. */
export function closingSummary(summary: Summary, state: StateDirectory, repository: string): string[] {
  const { evaluation, modelPackage, endpoint, invocations } = summary;
  const path = (file: string) => relative(repository, file);
  const metric = (name: string) => {
    const estimate = evaluation.metrics[name];
    return estimate
      ? `${name} ${estimate.value.toFixed(3)} (${estimate.low.toFixed(3)} to ${estimate.high.toFixed(3)})`
      : '';
  };
  return [
    '',
    pc.bold(`${summary.model}: trained, gated, approved, released and serving in ${summary.seconds.toFixed(0)} s`),
    `  held out    ${metric('roc_auc')}, ${metric('f1')}, over ${evaluation.rows} rows of later months`,
    `  release     version ${modelPackage?.version} on ${endpoint?.name}, ${invocations?.succeeded} of ${invocations?.tried} requests answered`,
    `  report      ${path(state.report)}`,
    `  summary     ${path(state.summary)}`,
    '',
    'The local AWS goes on running. Try next:',
    `  npx mlops release history ${summary.model}        what was released, and on what evidence`,
    `  npx mlops pipeline show ${summary.model}          what just ran`,
    `  aws --endpoint-url ${summary.endpointUrl} sagemaker list-pipeline-executions --pipeline-name ${endpoint?.name}`,
    '  npx mlops local invoke                        ask the endpoint again',
    '  npx mlops local release --bad errors          a bad version under traffic: see it rolled back',
    '  npx mlops local down                          stop it all; everything is kept',
  ];
}

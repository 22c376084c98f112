import type { Context } from '../context';
import { createJobs, type JobOptions } from '../job/create-jobs';
import { JOB_NOUNS } from '../job/job-noun';
import { jobOperations } from '../job/job-operations';
import type { Jobs } from '../job/jobs';
import { trialsOf } from '../job/tuning-job';
import type { Call } from '../operation';
import type { RunningPart } from '../running-part';
import { setAsideUnreadable } from '../set-aside-unreadable';
import type { Collection } from '../store';
import { executionOperations } from './execution-operations';
import { executedDefinitions, executions, executionTokens } from './execution-record';
import { Executions } from './executions';
import { pipelineOperations } from './pipeline-operations';
import { pipelines } from './pipeline-record';
import { cachedSteps } from './step-cache';
import { stepProperties } from './step-properties';

/**
 * Pipelines, their executions, and jobs of every kind.
 * @param call reaches any action of our SageMaker, these included: steps start their jobs through it
 */
export function createPipelineService(context: Context, call: Call, options: JobOptions = {}): RunningPart {
  const jobs = createJobs(context, call, options);
  const running = new Executions({ context, jobs, call });
  return {
    operations: {
      ...jobOperations(context, jobs),
      ...pipelineOperations(context),
      ...executionOperations(context, running),
    },
    async resume() {
      setAsideUnreadable(context, collections(context, jobs));
      // First the processes of the last server: what is run again must not meet them.
      await jobs.resume();
      running.resume();
    },
    async close() {
      await Promise.all([running.close(), jobs.close()]);
    },
  };
}

/** Everything that an execution is made of: what lacks here would keep the server from going on with the others. */
function collections(context: Context, jobs: Jobs): Pick<Collection<object>, 'setAsideUnreadable'>[] {
  const { store } = context;
  return [
    ...JOB_NOUNS.map((noun) => jobs.records(noun)),
    trialsOf(context),
    pipelines(store),
    executions(store),
    executedDefinitions(store),
    executionTokens(store),
    stepProperties(store),
    cachedSteps(store),
  ];
}

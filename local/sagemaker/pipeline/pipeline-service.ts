import type { Context } from '../context';
import { createJobs, type JobOptions } from '../job/create-jobs';
import { jobOperations } from '../job/job-operations';
import type { Call } from '../operation';
import type { RunningPart } from '../running-part';
import { executionOperations } from './execution-operations';
import { Executions } from './executions';
import { pipelineOperations } from './pipeline-operations';

/**
 * Pipelines, their executions, and jobs of every kind.
 * @param call reaches any action of our SageMaker, these included: steps start their jobs through it
 */
export function createPipelineService(context: Context, call: Call, options: JobOptions = {}): RunningPart {
  const jobs = createJobs(context, call, options);
  const executions = new Executions({ context, jobs, call });
  return {
    operations: {
      ...jobOperations(context, jobs),
      ...pipelineOperations(context),
      ...executionOperations(context, executions),
    },
    async resume() {
      // First the processes of the last server: what is run again must not meet them.
      await jobs.resume();
      executions.resume();
    },
    async close() {
      await Promise.all([executions.close(), jobs.close()]);
    },
  };
}

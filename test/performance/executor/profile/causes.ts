import type { Cause } from './cpu-profile';

/** What our SageMaker does for a step, by where its code lies. */
export const CAUSES: readonly Cause[] = [
  { title: 'events', files: /\/local\/sagemaker\/events\// },
  { title: 'records on disk', files: /\/local\/sagemaker\/store\.ts/ },
  { title: 'S3', files: /\/local\/sagemaker\/storage\/|\/node_modules\/@(aws-sdk|smithy)\// },
  {
    title: 'checks of requests, and HTTP',
    files: /\/local\/sagemaker\/api\/|\/pipelines\/shape\/|\/node_modules\/fastify\//,
  },
  { title: 'starting and ending the process', files: /\/local\/container\// },
  { title: "the job's folder and request", files: /\/local\/sagemaker\/(job|tags)\// },
  { title: 'what is ready, references, the step', files: /\/local\/sagemaker\// },
  { title: 'this profile', files: /\/test\/performance\// },
];

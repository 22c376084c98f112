import { isServerless } from './serverless-rules';
import { API, DEVELOPER_GUIDE, type ServiceRule, unlessWhole, when } from './service-rule';

/** What an asynchronous endpoint needs, and can't do. */
export const ASYNCHRONOUS_RULES: readonly ServiceRule[] = [
  {
    id: 'asynchronous-output',
    says: 'An asynchronous endpoint has a place in S3 for its answers.',
    wayOut: 'give an s3:// address',
    source: `${API}API_AsyncInferenceOutputConfig.html`,
    breaches: ({ asynchronous }) =>
      when(
        asynchronous !== undefined && !asynchronous.outputUri,
        'outputUri',
        'must be the address that answers go to, got nothing',
      ),
  },
  {
    id: 'asynchronous-concurrency',
    says: 'One instance works on 1 to 1000 asynchronous requests at a time.',
    wayOut: 'give a number in these bounds, or leave it to SageMaker',
    source: `${API}API_AsyncInferenceClientConfig.html`,
    breaches: ({ asynchronous }) =>
      asynchronous?.maxConcurrentInvocationsPerInstance === undefined
        ? []
        : unlessWhole(
            'maxConcurrentInvocationsPerInstance',
            asynchronous.maxConcurrentInvocationsPerInstance,
            [1, 1000],
          ),
  },
  {
    id: 'asynchronous-on-instances',
    says: 'An endpoint is asynchronous or serverless, not both.',
    wayOut: 'use instances and let autoscaling go to zero, or drop the queue',
    source: `${DEVELOPER_GUIDE}deploy-model-options.html`,
    breaches: (settings) =>
      when(
        settings.asynchronous !== undefined && isServerless(settings),
        'serverless',
        'must be left out for an asynchronous endpoint, got a serverless variant',
      ),
  },
  {
    id: 'asynchronous-no-capture',
    says: 'Data is captured from real-time endpoints and transform jobs; asynchronous requests and answers are in S3 already.',
    wayOut: 'capture nothing and read the answers in S3',
    source: `${DEVELOPER_GUIDE}model-monitor-data-capture.html`,
    breaches: ({ asynchronous, capturePercent }) =>
      when(
        asynchronous !== undefined && capturePercent > 0,
        'capturePercent',
        `must be 0 for an asynchronous endpoint, got ${capturePercent}`,
      ),
  },
];

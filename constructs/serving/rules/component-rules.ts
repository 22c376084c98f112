import { isServerless } from './serverless-rules';
import { API, DEVELOPER_GUIDE, type ServiceRule, unlessWhole, when } from './service-rule';

const REQUIREMENTS = `${API}API_InferenceComponentComputeResourceRequirements.html`;

/** What an inference component needs. */
export const COMPONENT_RULES: readonly ServiceRule[] = [
  {
    id: 'component-cpu-cores',
    says: 'A copy takes at least a quarter of a processor core.',
    wayOut: 'raise it',
    source: REQUIREMENTS,
    breaches: ({ component }) =>
      when(
        component !== undefined && !(component.cpuCores >= 0.25),
        'cpuCores',
        `must be at least 0.25, got ${component?.cpuCores}`,
      ),
  },
  {
    id: 'component-memory',
    says: 'A copy takes at least 128 MB of memory.',
    wayOut: 'raise it',
    source: REQUIREMENTS,
    breaches: ({ component }) =>
      component === undefined ? [] : unlessWhole('memoryMb', component.memoryMb, [128, Number.MAX_SAFE_INTEGER]),
  },
  {
    id: 'component-accelerators',
    says: 'A copy that takes accelerators takes at least one.',
    wayOut: 'leave it out for a model that needs none',
    source: REQUIREMENTS,
    breaches: ({ component }) =>
      component?.accelerators === undefined
        ? []
        : unlessWhole('accelerators', component.accelerators, [1, Number.MAX_SAFE_INTEGER]),
  },
  {
    id: 'component-rollout',
    says: 'Inference components are updated in rolling batches, each watched before the next.',
    wayOut: 'use linear, whose steps become the batches, or allAtOnce',
    source: `${API}API_InferenceComponentRollingUpdatePolicy.html`,
    breaches: ({ component, deployment: { rollout } }) =>
      when(
        component !== undefined && rollout.kind !== 'linear' && rollout.kind !== 'allAtOnce',
        'rollout',
        `must be linear or allAtOnce for inference components, got ${rollout.kind}`,
      ),
  },
  {
    id: 'component-copies',
    says: 'A batch is at most half of the copies, so that a linear rollout needs two of them.',
    wayOut: 'raise copies to 2, or use the rollout allAtOnce',
    source: `${API}API_InferenceComponentRollingUpdatePolicy.html`,
    breaches: ({ component, deployment: { rollout } }) =>
      when(
        component !== undefined && !(component.copies >= (rollout.kind === 'linear' ? 2 : 1)),
        'copies',
        `must be at least ${rollout.kind === 'linear' ? 2 : 1} for the rollout ${rollout.kind}, got ${component?.copies}`,
      ),
  },
  {
    id: 'component-on-instances',
    says: 'Inference components run on instances: not serverless, not asynchronous.',
    wayOut: 'choose one of the modes',
    source: `${DEVELOPER_GUIDE}realtime-endpoints.html`,
    breaches: (settings) =>
      when(
        settings.component !== undefined && (isServerless(settings) || settings.asynchronous !== undefined),
        'mode',
        `must be on plain instances, got ${isServerless(settings) ? 'serverless' : 'asynchronous'}`,
      ),
  },
];

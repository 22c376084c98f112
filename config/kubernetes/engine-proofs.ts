import type { EngineName } from './engine-features';

const API_SERVER = 'applied to a real API server, strictly, and read back';
const KSERVE = 'pods as those of a Deployment; InferenceService by hand from the models of PyPI `kserve` 0.21';

/** How what an engine is given is known to be legal. Tests that prove more say so here. */
export const ENGINE_PROOFS: Readonly<Record<EngineName, string>> = {
  plain: API_SERVER,
  'gateway-api': API_SERVER,
  'argo-rollouts': API_SERVER,
  'argo-rollouts with a gateway': API_SERVER,
  'argo-rollouts with Istio': `${API_SERVER}; VirtualService and DestinationRule by \`@kubernetes-models/istio\``,
  'argo-rollouts with ALB': API_SERVER,
  'argo-rollouts with NGINX': API_SERVER,
  'flagger with a gateway': `${API_SERVER}; run by Flagger itself`,
  'flagger with Istio': API_SERVER,
  kserve: KSERVE,
  'kserve without Knative': KSERVE,
  'seldon-2':
    'Server, Model and Experiment once by hand on a real API server with its CRDs of January 2026, which are not free; since then by hand-written schemas',
  seldon: 'pods as those of a Deployment; SeldonDeployment by hand from its Go types: no package has its models',
};

import type { EngineName } from './engine-features';

const SCHEMAS = 'validators of `kubernetes-models`';

const KSERVE = 'by hand from the models of PyPI `kserve` 0.21; its pods by `kubernetes-models`';

/** How what an engine is given is known to be legal. Tests that prove more say so here. */
export const ENGINE_PROOFS: Readonly<Record<EngineName, string>> = {
  plain: SCHEMAS,
  'gateway-api': SCHEMAS,
  'argo-rollouts': SCHEMAS,
  'argo-rollouts with a gateway': SCHEMAS,
  'argo-rollouts with Istio': SCHEMAS,
  'argo-rollouts with ALB': SCHEMAS,
  'argo-rollouts with NGINX': SCHEMAS,
  'flagger with a gateway': 'by hand from its CRD',
  'flagger with Istio': 'by hand from its CRD',
  kserve: KSERVE,
  'kserve without Knative': KSERVE,
};

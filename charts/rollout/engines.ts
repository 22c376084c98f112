import type { EngineKind } from '../../config/kubernetes/engine';
import { argoRollouts } from './argo-rollouts';
import { flagger } from './flagger';
import { gatewayApi } from './gateway-api';
import { kserve } from './kserve';
import { plain } from './plain';
import type { RolloutEngine } from './rollout-engine';
import { seldon } from './seldon';
import { seldon2 } from './seldon-2';

/** Every way in which a new release can take over. */
export const ROLLOUT_ENGINES: Readonly<Record<EngineKind, RolloutEngine>> = {
  plain,
  'gateway-api': gatewayApi,
  'argo-rollouts': argoRollouts,
  flagger,
  kserve,
  seldon,
  'seldon-2': seldon2,
};

import { serviceAccountOf } from '../config/kubernetes/served-model';
import { batchAlerts } from './batch/batch-alerts';
import { batchJob } from './batch/batch-job';
import { batchNetwork } from './batch/batch-network';
import type { ObjectsByFile } from './kubernetes-object';
import { dashboard } from './observability/dashboard';
import { podMonitor } from './observability/pod-monitor';
import { prometheusRule } from './observability/prometheus-rule';
import { disruptionBudget } from './platform/disruption-budget';
import { networkPolicy } from './platform/network-policy';
import { serviceAccount } from './platform/service-account';
import { ROLLOUT_ENGINES } from './rollout/engines';
import type { ServedModel } from './served-model';
import { serverConfig } from './server/server-config';

/** All objects of one model: the wiring diagram. */
export function modelObjects(model: ServedModel): ObjectsByFile {
  const { serving } = model.spec;
  if (serving.mode === 'batch') {
    return {
      'identity.yaml': [serviceAccount(serviceAccountOf(model.name))],
      'network.yaml': [batchNetwork(model)],
      'batch.yaml': [batchJob(model, serving)],
      'monitoring.yaml': [batchAlerts(model)],
    };
  }
  const config = serverConfig(model);
  return {
    'identity.yaml': [serviceAccount(serviceAccountOf(model.name))],
    'network.yaml': [networkPolicy(model)],
    ...(config ? { 'server.yaml': [config] } : {}),
    ...ROLLOUT_ENGINES[model.plane.engine.kind](model),
    'disruption.yaml': [disruptionBudget(model)],
    'monitoring.yaml': [podMonitor(model), prometheusRule(model)],
    'dashboard.yaml': [dashboard(model)],
  };
}

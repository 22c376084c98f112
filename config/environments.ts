import { readReleases } from './kubernetes/release-file';
import { models } from './models';
import { defineEnvironments } from './schema';

/** Every environment. Put your own accounts and regions here. */
export const environments = defineEnvironments(models, {
  local: {
    account: '000000000000',
    region: 'us-east-1',
    production: false,
    emulated: true,
    models: ['flight-delay'],
    approval: { kind: 'manual', personas: ['approver'] },
    instances: { min: 2, max: 2 },
    removal: 'destroy',
    schedules: false,
  },
  dev: {
    account: '111111111111',
    region: 'eu-west-1',
    production: false,
    models: ['flight-delay'],
    planes: ['sagemaker', 'kubernetes'],
    kubernetes: {
      cluster: 'dev',
      engine: {
        kind: 'argo-rollouts',
        traffic: {
          kind: 'gateway-api',
          gateway: { name: 'public', namespace: 'gateways', domain: 'models.dev.example.com' },
        },
      },
      // Written by `mlops release promote --write-manifests`: docs/guide/kubernetes-gitops.md.
      releases: readReleases('dev'),
      prometheus: { url: 'http://prometheus-operated.monitoring:9090' },
      unwatchedGuards: ['predictionShift'],
    },
    approval: { kind: 'automatic' },
    instances: { min: 2, max: 2 },
    removal: 'destroy',
    schedules: false,
  },
  staging: {
    account: '222222222222',
    region: 'eu-west-1',
    production: false,
    models: ['flight-delay'],
    approval: { kind: 'manual', personas: ['approver'] },
    instances: { min: 2, max: 4 },
  },
  prod: {
    account: '333333333333',
    region: 'eu-west-1',
    production: true,
    models: ['flight-delay'],
    approval: { kind: 'manual', personas: ['approver'] },
    instances: { min: 3, max: 12 },
    network: { availabilityZones: 3 },
    alarmEmails: ['ml-platform-oncall@example.com'],
  },
});
export type EnvironmentName = keyof typeof environments;

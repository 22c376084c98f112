import type { EvidenceRecord } from '../../../../core/release/evidence';
import { joinReleases, type ReleasesView } from '../../../../local/report/releases/release-view';
import type { DeploymentEntry, DeploymentHistory } from '../../../../local/sagemaker/endpoint/deployment-history';
import { exampleRehearsal } from '../rehearsal/example-rehearsal';

const ARN = 'arn:aws:sagemaker:us-east-1:000000000000:model-package/local-flight-delay';
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 10, seconds)).toISOString();

/** A release that was decided in that second and took half a minute. */
export function exampleRecord(
  version: number,
  outcome: EvidenceRecord['outcome'],
  second: number,
  kind: EvidenceRecord['decision']['kind'] = 'approval',
): EvidenceRecord {
  return {
    schema: 1,
    environment: 'local',
    model: 'flight-delay',
    outcome,
    failure: outcome === 'released' ? null : 'One or more configured alarm(s) went into ALARM state: [ErrorRate]',
    decision: {
      modelPackage: `${ARN}/${version}`,
      version,
      kind,
      decidedAt: at(second),
      by: 'mlops local',
      reason: 'passed its gates',
    },
    modelPackage: null,
    previousRelease: 'none',
    stack: { id: 'stack', status: 'UPDATE_COMPLETE', templateSha256: null },
    endpoint: {
      name: 'local-flight-delay',
      status: 'InService',
      endpointConfig: 'config',
      model: 'model',
      modelPackage: `${ARN}/1`,
    },
    startedAt: at(second),
    settledAt: at(second + 30),
  };
}

/** A canary of ten minutes, a minute a second, that an alarm ends in its third minute. */
export const exampleDeployment: DeploymentEntry = {
  id: at(20),
  fromConfig: 'config-1',
  toConfig: 'config-2',
  strategy: 'CANARY',
  alarms: ['ErrorRate', 'Latency'],
  plan: [
    { greenPercent: 10, waitSeconds: 600 },
    { greenPercent: 100, waitSeconds: 600 },
  ],
  terminationWaitSeconds: 300,
  startTime: at(20),
  endTime: at(26),
  outcome: 'RolledBack',
  reason: 'One or more configured alarm(s) went into ALARM state: [ErrorRate]',
  fired: [{ name: 'ErrorRate', reason: 'Threshold Crossed: 1 datapoint [9.8] was greater than <1.0>', time: at(25) }],
  events: [
    { time: at(20), stage: 'Creating', greenPercent: 0 },
    { time: at(22), stage: 'ActivatingTraffic', greenPercent: 10 },
    { time: at(22), stage: 'Baking', greenPercent: 10 },
    { time: at(25), stage: 'RollingBack', greenPercent: 0 },
    { time: at(26), stage: 'Completed', greenPercent: 0 },
  ],
  blue: { requests: 150, errors: 0 },
  green: { requests: 10, errors: 9 },
  series: [21, 22, 23, 24, 25].map((second) => ({
    time: at(second),
    greenPercent: second < 23 ? 0 : 10,
    blue: { requests: second === 21 ? 0 : 27, errors: 0, p99Ms: second === 21 ? null : 20 + second },
    green: { requests: second < 23 ? 0 : 3, errors: second < 23 ? 0 : 3, p99Ms: second < 23 ? null : 12 },
  })),
};

export const exampleHistory: DeploymentHistory = {
  endpointName: 'local-flight-delay',
  speed: 60,
  deployments: [exampleDeployment],
};

/** One release by hand, one from a laptop's run, and a rehearsal that went back. */
export const exampleReleases: ReleasesView = {
  speed: 60,
  errorRatePercent: 1,
  p99LatencyMs: 1000,
  releases: joinReleases(
    [
      exampleRecord(1, 'released', -120),
      exampleRecord(3, 'released', 60, 'promotion'),
      exampleRecord(2, 'rolled-back', 10),
    ],
    exampleHistory,
    [exampleRehearsal],
  ),
};

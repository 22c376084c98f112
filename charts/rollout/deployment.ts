import type { IDeployment } from 'kubernetes-models/apps/v1';
import { MODEL_LABEL, RELEASE_LABEL } from '../labels';
import type { ServedModel } from '../served-model';
import { podTemplate } from '../server/pod-template';
import { timing } from '../server/timing';
import { surge } from './surge';
import type { Track } from './tracks';

/** The pods of one release. It has no `replicas`: those are the autoscaler's. */
export function deployment(model: ServedModel, { name, id, release }: Track): IDeployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      revisionHistoryLimit: 3,
      minReadySeconds: 10,
      progressDeadlineSeconds: timing(model.settings).progressDeadline,
      selector: { matchLabels: { [MODEL_LABEL]: model.name, [RELEASE_LABEL]: id } },
      strategy: { type: 'RollingUpdate', rollingUpdate: surge(model.settings) },
      template: podTemplate(model, release, 'pod-template-hash'),
    },
  };
}

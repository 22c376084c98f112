import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { AutoscalingKind } from '../../../config/autoscaling';
import { SMALLEST, scaled } from '../../unit/constructs/serving/every-scaling';

const night = { schedule: 'cron(0 22 * * ? *)', timeZone: 'Europe/Berlin', min: 2, max: 3 };

/** Writes a template of each kind of scaling. */
export function scalingKinds(folder: string): void {
  for (const kind of Object.keys(SMALLEST) as AutoscalingKind[]) {
    const template = Template.fromStack(scaled(kind, { scheduledActions: { night } })).toJSON();
    writeFileSync(join(folder, `${kind}.template.json`), JSON.stringify(template));
  }
}

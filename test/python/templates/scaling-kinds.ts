import './after-all';

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { AutoscalingKind } from '../../../config/autoscaling';
import { SMALLEST, scaled } from '../../unit/constructs/serving/every-scaling';

// Writes a template of each kind of scaling into the folder that is named.
const night = { schedule: 'cron(0 22 * * ? *)', timeZone: 'Europe/Berlin', min: 2, max: 3 };
for (const kind of Object.keys(SMALLEST) as AutoscalingKind[]) {
  const template = Template.fromStack(scaled(kind, { scheduledActions: { night } })).toJSON();
  writeFileSync(join(process.argv[2] ?? '', `${kind}.template.json`), JSON.stringify(template));
}

import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { shareArtefacts } from '../constructs/registry/share-artefacts';
import { MODELS_BUCKET_OUTPUT } from '../constructs/registry/source-registry';
import type { Keys } from '../constructs/security/keys';
import { DataLake } from '../constructs/storage/data-lake';
import { EnvironmentStack, type EnvironmentStackProps, foreignConsumers } from './environment-stack';

export interface DataStackProps extends EnvironmentStackProps {
  readonly keys: Keys;
  /** The shortest retention that any model of the environment promises for personal data. */
  readonly captureRetentionDays: number;
}

/** All that is stored. The outputs are the command line's way to the buckets. */
export class DataStack extends EnvironmentStack {
  readonly lake: DataLake;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props, { concern: 'data', stateful: true });
    const { environment, keys } = props;
    this.lake = new DataLake(this, 'Lake', {
      dataKey: keys.data,
      evidenceKey: keys.evidence,
      removalPolicy: this.removalPolicy,
      evidenceLock: {
        duration: Duration.days(environment.evidenceLockDays),
        mode: environment.production ? 'compliance' : 'governance',
      },
      captureRetention: Duration.days(props.captureRetentionDays),
    });
    shareArtefacts(this.lake.buckets.models, foreignConsumers(props));
    const { raw, curated, features, models, capture, evidence } = this.lake.buckets;
    new CfnOutput(this, 'RawBucketName', { value: raw.bucketName });
    new CfnOutput(this, 'CuratedBucketName', { value: curated.bucketName });
    new CfnOutput(this, 'FeaturesBucketName', { value: features.bucketName });
    new CfnOutput(this, MODELS_BUCKET_OUTPUT, { value: models.bucketName });
    new CfnOutput(this, 'CaptureBucketName', { value: capture.bucketName });
    new CfnOutput(this, 'EvidenceBucketName', { value: evidence.bucketName });
  }
}

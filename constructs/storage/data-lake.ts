import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { allow } from '../security/allow';

export const ZONES = ['raw', 'curated', 'features', 'models', 'capture', 'evidence'] as const;
export type Zone = (typeof ZONES)[number];

export interface DataLakeProps {
  /** Encrypts every zone but evidence. */
  readonly dataKey: IKey;
  readonly evidenceKey: IKey;
  /** What becomes of the buckets when their stack is deleted. CloudFormation deletes empty buckets only. */
  readonly removalPolicy: RemovalPolicy;
  readonly evidenceLock: {
    /** For how long nobody can delete or overwrite evidence. */
    readonly duration: Duration;
    /** `compliance` holds for everybody, the account's root included; `governance` yields to a special permission. */
    readonly mode: 'governance' | 'compliance';
  };
  /**
   * When captured requests and answers are deleted. They may hold personal data.
   * @default Duration.days(90)
   */
  readonly captureRetention?: Duration;
  /**
   * When a version that was overwritten or deleted goes for good, evidence excepted.
   * @default Duration.days(90)
   */
  readonly oldVersionRetention?: Duration;
}

const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const WRITE = ['s3:PutObject', 's3:AbortMultipartUpload'];

/**
 * One bucket a zone: encrypted, TLS only, versioned, logged. EventBridge hears of what is captured. Objects of a model live below `<model>/` in every zone.
 * Nothing empties a bucket for the user: a stack whose data is meant to go is deleted after its buckets were emptied.
 */
export class DataLake extends Construct {
  readonly buckets: Readonly<Record<Zone, Bucket>>;
  readonly accessLogs: Bucket;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DataLakeProps,
  ) {
    super(scope, id);
    const { captureRetention = Duration.days(90), oldVersionRetention = Duration.days(90) } = props;
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      ...this.common(),
      // S3 delivers access logs to buckets with its own encryption only.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [
        abandonedUploads,
        { id: 'Logs', expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(1) },
      ],
    });
    const oldVersions: LifecycleRule = { id: 'OldVersions', noncurrentVersionExpiration: oldVersionRetention };
    const kept = [abandonedUploads, oldVersions, coolDown];
    this.buckets = {
      raw: this.zone('Raw', { lifecycleRules: kept }),
      curated: this.zone('Curated', { lifecycleRules: kept }),
      features: this.zone('Features', { lifecycleRules: kept }),
      models: this.zone('Models', { lifecycleRules: kept }),
      capture: this.zone('Capture', {
        lifecycleRules: [
          abandonedUploads,
          // Versioned buckets only hide what expires: the hidden version has to go as well.
          { id: 'Captured', expiration: captureRetention, noncurrentVersionExpiration: Duration.days(1) },
        ],
      }),
      evidence: this.zone('Evidence', {
        encryptionKey: props.evidenceKey,
        lifecycleRules: [abandonedUploads],
        objectLockEnabled: true,
        objectLockDefaultRetention: ObjectLockRetention[props.evidenceLock.mode](props.evidenceLock.duration),
      }),
    };
    // The construct's own switch would add a function that calls S3; CloudFormation can do it by itself.
    (this.buckets.capture.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
  }

  /**
   * Lets a principal list and read what lies below `prefix/`.
   * @param prefix all of the zone without it
   */
  grantRead(grantee: IGrantable, zone: Zone, prefix?: string): Grant {
    return this.grantList(grantee, zone, prefix).combine(
      this.grantObjects(grantee, zone, prefix, READ, ['kms:Decrypt']),
    );
  }

  /** Lets a principal add and replace objects below `prefix/`, not delete them. */
  grantWrite(grantee: IGrantable, zone: Zone, prefix: string): Grant {
    // Completing a multipart upload takes kms:Decrypt as well.
    return this.grantObjects(grantee, zone, prefix, WRITE, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  grantReadWrite(grantee: IGrantable, zone: Zone, prefix: string): Grant {
    return this.grantRead(grantee, zone, prefix).combine(this.grantWrite(grantee, zone, prefix));
  }

  private zone(id: string, props: BucketProps): Bucket {
    return new Bucket(this, id, {
      ...this.common(),
      encryption: BucketEncryption.KMS,
      encryptionKey: this.props.dataKey,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      ...props,
    });
  }

  private common(): BucketProps {
    return {
      removalPolicy: this.props.removalPolicy,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
    };
  }

  private grantList(grantee: IGrantable, zone: Zone, prefix: string | undefined): Grant {
    return allow(grantee, {
      actions: ['s3:ListBucket'],
      resources: [this.buckets[zone].bucketArn],
      conditions: prefix === undefined ? undefined : { StringLike: { 's3:prefix': [prefix, `${prefix}/*`] } },
    });
  }

  private grantObjects(
    grantee: IGrantable,
    zone: Zone,
    prefix: string | undefined,
    s3: string[],
    kms: string[],
  ): Grant {
    const objects = allow(grantee, {
      actions: s3,
      resources: [this.buckets[zone].arnForObjects(prefix === undefined ? '*' : `${prefix}/*`)],
      because:
        prefix === undefined
          ? `Objects of all models come and go; the statement reaches no other zone than ${zone}`
          : `Objects of ${prefix} come and go; the statement reaches no other prefix of the ${zone} zone`,
    });
    const key = zone === 'evidence' ? this.props.evidenceKey : this.props.dataKey;
    return objects.combine(allow(grantee, { actions: kms, resources: [key.keyArn] }));
  }
}

const abandonedUploads: LifecycleRule = {
  id: 'AbandonedUploads',
  abortIncompleteMultipartUploadAfter: Duration.days(7),
};

const coolDown: LifecycleRule = {
  id: 'CoolDown',
  transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) }],
};

import type { ApprovalPolicy } from './approval/approval-policy';
import type { ApprovalRecord, SealedApproval } from './approval/approval-record';
import type { SealedRecord } from './evidence';
import type { NotJudged, RolloutJudgement } from './guards/rollout-judgement';
import type { SealedManifestRecord } from './manifest-record';
import type { Registry } from './registry';
import type { ReleaseState } from './release-state';
import type { SealedVariantRecord } from './variant-record';

/** The world as the release of one model needs it. */
export interface ReleasePorts {
  readonly environment: string;
  /** As in `config/models.ts`. */
  readonly model: string;
  /** Where its versions are registered. */
  readonly registry: Registry;
  readonly packages: { describe(arn: string): Promise<ModelPackage | undefined> };
  /** The release parameter. */
  readonly parameter: { read(): Promise<string>; write(value: string): Promise<void> };
  readonly stack: ServingStackPort;
  readonly endpoint: { live(): Promise<LiveRelease> };
  /** @returns which of the alarms went off since then, the first one first */
  readonly alarms: { fired(names: readonly string[], since: Date): Promise<readonly FiredAlarm[]> };
  /** What the guards have to say of a release that began then, or why that can't be had; null if they watched nothing. */
  readonly guards: { judge(since: Date): Promise<RolloutJudgement | NotJudged | null> };
  readonly state: ReleaseStateStore;
  readonly approvalPolicy: ApprovalPolicy;
  readonly approvals: ApprovalStore;
  /** Keeps a record for good. @returns the record that stands there, which is an earlier one if there was one */
  readonly evidence: {
    keep(key: string, record: SealedRecord): Promise<SealedRecord>;
    /** Keeps what became of a variant besides the live one; a record that stands there stays. */
    keepVariant(key: string, record: SealedVariantRecord): Promise<void>;
    /** Keeps what manifests shall say from now on; a record that stands there stays. */
    keepManifest(key: string, record: SealedManifestRecord): Promise<void>;
  };
  /** Tells people. A message may come twice. */
  readonly notify: (subject: string, message: string) => Promise<void>;
  readonly now: () => Date;
}

/** A version in the registry, as far as a release is concerned. */
export interface ModelPackage {
  readonly arn: string;
  readonly group: string;
  readonly version: number;
  readonly approval: string;
  /** What the approver wrote. */
  readonly reason: string | null;
  /** Who changed it last, for people to read: what the command line noted, with the identity that AWS knows. */
  readonly changedBy: string | null;
  /** Who changed it last: the identity that AWS knows, and nothing that somebody wrote. */
  readonly person: string | null;
  /** When it was changed last, ISO. */
  readonly changedAt: string | null;
  readonly image: string | null;
  readonly artefact: string | null;
  /** `sha256:…` of the image, as it was when the version was registered. */
  readonly imageDigest: string | null;
  /** Where the evaluation is. */
  readonly metricsUri: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ApprovalStore {
  /** The first one first. @throws Error if they aren't what was written */
  list(version: number): Promise<readonly SealedApproval[]>;
  /** Adds a record to those of its version, once. */
  add(record: Omit<ApprovalRecord, 'previous'>): Promise<void>;
}

export interface ServingStackPort {
  /** @throws Error if there is no such stack */
  describe(): Promise<{
    readonly id: string;
    readonly status: string;
    readonly reason: string | null;
    /** Name of the EndpointConfig that the stack gave its endpoint; null if it has none, or doesn't say. */
    readonly endpointConfig: string | null;
  }>;
  /** Updates the stack with its own template, so that it reads the release parameter again. */
  update(token: string): Promise<UpdateAnswer>;
  /** What became of the operation that carries the token. */
  operation(token: string): Promise<StackOperation | undefined>;
  /** SHA-256 of the template, in hex. */
  templateHash(): Promise<string>;
}

export type UpdateAnswer =
  | { readonly kind: 'started' }
  /** The stack has what the parameter says. */
  | { readonly kind: 'unchanged' }
  /** Somebody else's update runs. */
  | { readonly kind: 'busy'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

export interface StackOperation {
  /** The stack's newest status within the operation. */
  readonly status: string;
  /** The first resource that failed, in the service's words. */
  readonly failure: string | null;
}

/** What the endpoint really has behind it. */
export interface LiveRelease {
  /** `Missing` if there is no endpoint. */
  readonly endpointStatus: string;
  readonly endpointConfig: string | null;
  readonly model: string | null;
  /** ARN, or `none`. */
  readonly modelPackage: string;
  /** Of the containers that run, `sha256:…` each; empty if the service gives no digests. */
  readonly imageDigests: readonly string[];
  /** URI of the artefact that the Model names. Null if only its package does. */
  readonly artefact: string | null;
  /** Why the endpoint's last change failed, in the service's words. */
  readonly failureReason: string | null;
  /** Names of the alarms that watched the endpoint's last change. */
  readonly rollbackAlarms: readonly string[];
}

/** An alarm that went off. */
export interface FiredAlarm {
  readonly name: string;
  /** ISO. */
  readonly at: string;
  /** In the service's words. */
  readonly reason: string;
}

export interface ReleaseStateStore {
  load(): Promise<{ readonly state: ReleaseState; readonly tag: string } | undefined>;
  /**
   * Replaces the state if it is still the one with the tag; without a tag, only if there is none.
   * @returns whether it was replaced
   */
  replace(state: ReleaseState, tag: string | undefined): Promise<boolean>;
}

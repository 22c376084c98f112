import type { Rollout } from '../../../config/rollout';
import type { ServingMode, ServingOf } from '../../../config/serving';

/** One variant as the rules see it. */
export interface VariantSettings {
  readonly name: string;
  /** Undefined for serverless variants. */
  readonly instanceType?: string;
  readonly instanceCount?: number;
  /** Of production variants: their share of the traffic, relative to each other. */
  readonly weight: number;
  /** How long a container may take to become healthy. */
  readonly startupSeconds?: number;
  readonly serverless?: {
    readonly memoryMb: number;
    readonly maxConcurrency: number;
    readonly provisionedConcurrency?: number;
  };
}

/** What the containers of the models are like. */
export interface ContainerSettings {
  readonly vpc: boolean;
  readonly networkIsolation: boolean;
  /** Containers of one model, 1 unless it's an inference pipeline. */
  readonly containers: number;
  readonly multiModel: boolean;
  /** Whether the model package is one that AWS Marketplace sells. */
  readonly marketplace: boolean;
}

/** How an update of the endpoint goes. */
export interface DeploymentSettings {
  readonly rollout: Rollout;
  /** Two fleets, or one that is replaced batch by batch, as inference components are. */
  readonly policy: 'blueGreen' | 'rolling';
  readonly terminationWaitSeconds: number;
  readonly maximumExecutionSeconds: number;
  readonly rollbackAlarms: number;
}

/** All that the rules of the service are judged on. Times in seconds. */
export interface EndpointSettings extends ContainerSettings {
  readonly mode: ServingMode;
  readonly variants: readonly VariantSettings[];
  readonly shadowVariants: readonly VariantSettings[];
  /** Share of requests that the shadow variant gets a copy of. */
  readonly samplePercent?: number;
  /** Share of requests and answers that is captured; 0 for none. */
  readonly capturePercent: number;
  readonly deployment: DeploymentSettings;
  readonly asynchronous?: {
    readonly outputUri?: string;
    readonly maxConcurrentInvocationsPerInstance?: number;
  };
  readonly batch?: Pick<
    ServingOf<'batch'>,
    'splitType' | 'strategy' | 'maxPayloadMb' | 'joinInput' | 'maxConcurrentTransforms'
  >;
  readonly experiment?: { readonly startsAt: string; readonly endsAt: string };
  readonly component?: {
    readonly cpuCores: number;
    readonly memoryMb: number;
    readonly accelerators?: number;
    readonly copies: number;
  };
}

/** How settings break a rule. */
export interface Breach {
  /** Path of the setting that is named. */
  readonly setting: string;
  /** Reads on from the setting, and says what was given. */
  readonly problem: string;
}

/** Something that SageMaker refuses at deploy time, or accepts and then can't do. */
export interface ServiceRule {
  readonly id: string;
  /** The rule in one sentence. */
  readonly says: string;
  /** What to do instead: the end of the error message. */
  readonly wayOut: string;
  readonly source: string;
  readonly breaches: (settings: EndpointSettings) => readonly Breach[];
}

/** The same for several settings of one kind. */
export function each<T>(items: readonly T[], breach: (item: T, index: number) => Breach | undefined): Breach[] {
  return items.map(breach).filter((found) => found !== undefined);
}

/** Refuses a number that is no whole one or outside its bounds. */
export function unlessWhole(setting: string, value: number, [min, max]: readonly [number, number]): Breach[] {
  if (!(value >= min && value <= max)) return [{ setting, problem: `must be ${min} to ${max}, got ${value}` }];
  return Number.isInteger(value) ? [] : [{ setting, problem: `must be a whole number, got ${value}` }];
}

/** Refuses what must not be there. */
export function when(forbidden: boolean, setting: string, problem: string): Breach[] {
  return forbidden ? [{ setting, problem }] : [];
}

export const DEVELOPER_GUIDE = 'https://docs.aws.amazon.com/sagemaker/latest/dg/';
export const API = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/';

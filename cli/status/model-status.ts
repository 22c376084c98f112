import { modelName, NO_RELEASE, PROJECT } from '../../core/names';
import { unlessMissing } from '../../core/release/aws/service-errors';
import type { Decision } from '../../core/release/decision';
import type { VariantDescription } from '../../core/release/shift/endpoint-description';
import { type ShiftProgress, shiftProgress } from '../../core/release/shift/shift-progress';
import type { EndpointApi } from '../endpoint/endpoint-api';
import { versionOf } from '../release/model-versions';
import type { OpenRelease } from '../release/open-release';
import { releaseHistory } from '../release/release-history';
import { type AlarmsStatus, alarmsOf, modelOfAlarm } from './alarms-of';

/** What `mlops status --json` prints of a model. Null says that it isn't known. */
export interface ModelStatus {
  readonly model: string;
  readonly endpoint: { readonly name: string; readonly status: string };
  /** Null while nothing serves. */
  readonly live: LiveVersion | null;
  /** Version that the release parameter names; it differs from the live one while a release is on its way. */
  readonly meantToServe: number | null;
  /** A decision whose outcome isn't known yet. */
  readonly inProgress: (Decision & { readonly startedAt: string }) | null;
  readonly shift: ShiftProgress | null;
  readonly variants: readonly VariantScale[];
  readonly alarms: AlarmsStatus;
}

export interface LiveVersion {
  readonly version: number | null;
  /** ARN. */
  readonly modelPackage: string;
  readonly since: string | null;
  readonly by: string | null;
  readonly kind: Decision['kind'] | null;
}

export interface VariantScale {
  readonly variant: string;
  readonly current: number | null;
  readonly desired: number | null;
  /** Bounds of autoscaling; null without it. */
  readonly min: number | null;
  readonly max: number | null;
}

/** Looks at one model; it changes nothing. */
export async function modelStatus(release: OpenRelease, now: Date): Promise<ModelStatus> {
  const { api, chosen, ports } = release;
  const { environmentName, environment, model } = chosen;
  const name = modelName(environmentName, model);
  const prefix = `${PROJECT}-${environmentName}-`;
  const [live, held, parameter, endpoint, alarms] = await Promise.all([
    ports.endpoint.live(),
    ports.state.load(),
    unlessMissing(ports.parameter.read()),
    unlessMissing(api.sageMaker.describeEndpoint({ EndpointName: name })),
    alarmsOf(api, prefix, (alarm) => modelOfAlarm(alarm, prefix, environment.models) === model),
  ]);
  return {
    model,
    endpoint: { name, status: live.endpointStatus },
    live: live.modelPackage === NO_RELEASE ? null : await liveVersion(release, live.modelPackage),
    meantToServe: versionOf(parameter ?? NO_RELEASE),
    inProgress: held && !held.state.settled ? { ...held.state.decision, startedAt: held.state.startedAt } : null,
    shift: (endpoint && shiftProgress(endpoint, now, await speedOf(api, name))) ?? null,
    variants: await variantScales(api, name, endpoint?.ProductionVariants ?? []),
    alarms,
  };
}

async function liveVersion({ evidence }: OpenRelease, modelPackage: string): Promise<LiveVersion> {
  const version = versionOf(modelPackage);
  // The newest record that fits: most often the first.
  for await (const { record, fault } of releaseHistory(evidence)) {
    if (!record || fault !== null || record.outcome !== 'released') continue;
    if (record.decision.modelPackage !== modelPackage) continue;
    return { version, modelPackage, since: record.settledAt, by: record.decision.by, kind: record.decision.kind };
  }
  return { version, modelPackage, since: null, by: null, kind: null };
}

/** @returns 1 where it isn't known: the time that is left is then that of an account */
function speedOf({ speedOf: ask }: EndpointApi, name: string): Promise<number> {
  return ask ? ask(name).catch(() => 1) : Promise.resolve(1);
}

async function variantScales(
  api: EndpointApi,
  endpointName: string,
  variants: readonly VariantDescription[],
): Promise<VariantScale[]> {
  if (variants.length === 0) return [];
  const idOf = (variant: string | undefined) => `endpoint/${endpointName}/variant/${variant}`;
  const { ScalableTargets = [] } = await api.autoScaling.describeScalableTargets({
    ServiceNamespace: 'sagemaker',
    ResourceIds: variants.map(({ VariantName }) => idOf(VariantName)),
  });
  return variants.map(({ VariantName = '', CurrentInstanceCount, DesiredInstanceCount }) => {
    const target = ScalableTargets.find(({ ResourceId }) => ResourceId === idOf(VariantName));
    return {
      variant: VariantName,
      current: CurrentInstanceCount ?? null,
      desired: DesiredInstanceCount ?? null,
      min: target?.MinCapacity ?? null,
      max: target?.MaxCapacity ?? null,
    };
  });
}

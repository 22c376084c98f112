import { modelName } from '../../core/names';
import { clock, describeStage } from '../../core/release/shift/describe-shift';
import { shiftProgress } from '../../core/release/shift/shift-progress';
import { variantTraffic } from '../endpoint/variant-traffic';
import type { OpenRelease } from './open-release';

export interface ShiftNews {
  /** How far it is. */
  readonly message: string;
  /** What changes by the second: how it goes, and how long it takes yet. */
  readonly detail: string;
}

/** How a shift of traffic goes, for people only: nothing depends on it, so nothing fails for it. */
export async function shiftNews({ api, ports }: OpenRelease): Promise<ShiftNews> {
  const name = modelName(ports.environment, ports.model);
  try {
    const endpoint = await api.sageMaker.describeEndpoint({ EndpointName: name });
    const speed = (await api.speedOf?.(name)) ?? 1;
    const progress = shiftProgress(endpoint, ports.now(), speed);
    const status = `endpoint ${endpoint.EndpointStatus ?? 'unknown'}`;
    if (!progress) return { message: status, detail: '' };
    const left = progress.secondsLeft === null ? [] : [`${clock(progress.secondsLeft)} left`];
    const traffic = await variantTraffic(api, name, endpoint.ProductionVariants?.[0]?.VariantName ?? '', ports.now());
    return { message: `${status}, ${describeStage(progress)}`, detail: [...left, ...traffic].join(', ') };
  } catch {
    return { message: 'endpoint not there yet', detail: '' };
  }
}

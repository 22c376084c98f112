import type { ShiftProgress } from './shift-progress';

/** For example `Baking, 10 % of the traffic on the new fleet, 4:12 left`. */
export function describeShift(progress: ShiftProgress): string {
  const { secondsLeft } = progress;
  return [describeStage(progress), ...(secondsLeft === null ? [] : [`${clock(secondsLeft)} left`])].join(', ');
}

/** The same without what changes by the second. */
export function describeStage({ stage, percent }: Pick<ShiftProgress, 'stage' | 'percent'>): string {
  return [stage ?? 'changing', ...(percent === null ? [] : [`${percent} % of the traffic on the new fleet`])].join(
    ', ',
  );
}

/** `4:12`: minutes and seconds. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

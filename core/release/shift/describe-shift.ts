import type { ShiftProgress } from './shift-progress';

/** For example `Baking, 10 % of the traffic on the new fleet, 4:12 left`. */
export function describeShift({ stage, percent, secondsLeft }: ShiftProgress): string {
  return [
    stage ?? 'changing',
    ...(percent === null ? [] : [`${percent} % of the traffic on the new fleet`]),
    ...(secondsLeft === null ? [] : [`${clock(secondsLeft)} left`]),
  ].join(', ');
}

/** `4:12`: minutes and seconds. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

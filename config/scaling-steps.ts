import type { Faults } from '../core/faults';
import type { ScaleInStep, ScaleOutStep, StepScaling } from './autoscaling';

/** A step from where its alarm goes off outwards, so that both directions are judged alike. */
interface Step {
  readonly begins: number;
  readonly ends: number | undefined;
}

/** From the alarm's threshold outwards. */
export function inScaleOutOrder(steps: readonly ScaleOutStep[]): readonly ScaleOutStep[] {
  return steps.toSorted((a, b) => a.from - b.from);
}

/** From the alarm's threshold outwards. */
export function inScaleInOrder(steps: readonly ScaleInStep[]): readonly ScaleInStep[] {
  return steps.toSorted((a, b) => b.to - a.to);
}

/**
 * Steps of one policy have neither gaps nor overlaps, and the last one has no end. Scale-in begins below scale-out, or
 * the two would undo each other for ever.
 * @param at path of a setting, for messages
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html
 */
export function checkSteps(
  { scaleOut, scaleIn }: Pick<StepScaling, 'scaleOut' | 'scaleIn'>,
  at: (setting: string) => string,
  faults: Faults,
): void {
  const out = inScaleOutOrder(scaleOut);
  const into = inScaleInOrder(scaleIn);
  checkMeeting(
    at('scaleOut'),
    out.map(({ from, to }) => ({ begins: from, ends: to })),
    1,
    faults,
  );
  checkMeeting(
    at('scaleIn'),
    into.map(({ from, to }) => ({ begins: to, ends: from })),
    -1,
    faults,
  );
  const [upper, lower] = [out[0]?.from, into[0]?.to];
  if (upper === undefined || lower === undefined || lower < upper) return;
  faults.add(
    at('scaleIn'),
    `must begin below scaleOut, which begins at ${upper}, got ${lower}`,
    'leave room between the two, or instances come and go for ever',
  );
}

/** @param direction 1 upwards, -1 downwards */
function checkMeeting(where: string, steps: readonly Step[], direction: 1 | -1, faults: Faults): void {
  for (const [index, { begins, ends }] of steps.entries()) {
    const next = steps[index + 1];
    if (ends !== undefined && !((ends - begins) * direction > 0)) {
      faults.add(where, `the step at ${begins} must end ${direction > 0 ? 'above' : 'below'} it, got ${ends}`, SWAP);
    } else if (next === undefined) {
      if (ends !== undefined) {
        faults.add(
          where,
          `the last step must have no end, or nothing happens beyond it, got ${ends}`,
          `leave out its ${direction > 0 ? 'to' : 'from'}`,
        );
      }
    } else if (ends === undefined) {
      faults.add(where, `only the last step may have no end, got two from ${begins} and ${next.begins}`, MEET);
    } else if (ends !== next.begins) {
      const what = (next.begins - ends) * direction > 0 ? 'a gap' : 'an overlap';
      faults.add(where, `steps must meet, got ${what} between ${ends} and ${next.begins}`, MEET);
    }
  }
}

const SWAP = 'swap from and to';
const MEET = 'end each step where the next begins';

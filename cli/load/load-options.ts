import { Faults } from '../../core/faults';

/** As the command line gives them: text that is a number, or isn't. */
export interface LoadOptions {
  readonly env: string;
  readonly rps: string;
  readonly p99Ms: string;
  readonly peakRps?: string;
  readonly vcpuFactor: string;
  readonly headroom: string;
  readonly seconds: string;
  readonly repeats: string;
  readonly json?: boolean;
}

export interface LoadRequest {
  readonly rps: number;
  readonly p99Ms: number;
  readonly peakRps: number;
  readonly vcpuFactor: number;
  readonly headroomPercent: number;
  readonly windowSeconds: number;
  readonly repeats: number;
}

/** @throws InvalidInputError naming every option that is no number in its bounds */
export function parseLoadOptions(options: LoadOptions): LoadRequest {
  const faults = new Faults();
  const number = (option: string, text: string, [min, max]: readonly [number, number], whole = false): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    const fits = value >= min && value <= max && value > 0 && (!whole || Number.isInteger(value));
    const what = whole ? `a whole number from ${min} to ${max}` : `a number above 0, from ${min} to ${max}`;
    if (!fits) faults.add(option, `must be ${what}, got ${text}`, 'correct it');
    return value;
  };
  const rps = number('--rps', options.rps, [0.001, 1_000_000]);
  const request = {
    rps,
    p99Ms: number('--p99-ms', options.p99Ms, [0.1, 60_000]),
    peakRps: options.peakRps === undefined ? 2 * rps : number('--peak-rps', options.peakRps, [0.001, 1_000_000]),
    vcpuFactor: number('--vcpu-factor', options.vcpuFactor, [0.01, 100]),
    headroomPercent: number('--headroom', options.headroom, [1, 95]),
    windowSeconds: number('--seconds', options.seconds, [0.2, 60]),
    repeats: number('--repeats', options.repeats, [1, 20], true),
  };
  if (request.peakRps < rps) {
    faults.add('--peak-rps', `must not be below --rps ${rps}, got ${request.peakRps}`, 'raise it or leave it out');
  }
  faults.throwIfAny('load plan');
  return request;
}

import type { Faults } from '../core/faults';

/** Variables of the environment; what is wrong with them is gathered. Empty says as little as absent. */
export class EnvironmentReader {
  constructor(
    private readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly faults: Faults,
  ) {}

  text(name: string): string | undefined {
    const given = this.environment[name];
    return given === '' ? undefined : given;
  }

  /** @param fallback where it isn't set; without one that is a fault */
  whole(name: string, [low, high]: readonly [number, number], fallback?: number): number {
    const given = this.text(name) ?? fallback?.toString();
    const value = given !== undefined && /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= low && value <= high) return value;
    const got = given ?? 'nothing';
    const fix = given === undefined ? 'set it' : 'correct it';
    this.faults.add(`environment ${name}`, `must be a whole number from ${low} to ${high}, got ${got}`, fix);
    return fallback ?? low;
  }

  /** Where the model is unpacked: below the container's folder, or below the one that stands for it outside of one. */
  get modelDirectory(): string {
    return `${this.text('SAGEMAKER_BASE_DIR') ?? '/opt/ml'}/model`;
  }

  /** Of `model.onnx`, in hex. @returns undefined if `model.json` is to say it */
  get modelSha256(): string | undefined {
    const given = this.text('MODEL_SERVER_MODEL_SHA256');
    if (given !== undefined && !/^[0-9a-f]{64}$/.test(given)) {
      this.faults.add('environment MODEL_SERVER_MODEL_SHA256', `must be 64 hex digits, got ${given}`, 'correct it');
    }
    return given;
  }
}

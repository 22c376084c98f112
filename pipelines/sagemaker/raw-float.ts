import type { Deferred } from './token';

/**
 * A number that is written with its point even if it is whole, `2.0`. JSON.stringify can't: it is for the few members
 * that SageMaker reads as a float only then, such as NumberOfCpuCoresRequired of an InferenceComponent.
 *
 * {@link definitionText} writes it, and so does a `TrainingPipeline`; JSON.stringify drops the point.
 */
export class RawFloat implements Deferred {
  readonly creationStack: string[] = [];

  constructor(readonly value: number) {}

  get text(): string {
    return Number.isInteger(this.value) ? this.value.toFixed(1) : String(this.value);
  }

  /** @throws Error always: the CDK quotes what an object resolves to, so only its number tokens can stand for it */
  resolve(): never {
    throw new Error(`a raw float can't be resolved, got ${this.text}; hand the definition to a TrainingPipeline`);
  }

  toJSON(): number {
    return this.value;
  }

  toString(): string {
    return this.text;
  }
}

/** The definition as text, with raw floats as SageMaker wants them. */
export function definitionText(definition: object): string {
  const floats: string[] = [];
  const text = JSON.stringify(definition, function write(this: Record<string, unknown>, key, value: unknown) {
    // JSON.stringify has called toJSON by now; the holder still has the object.
    const original = this[key];
    return original instanceof RawFloat ? `${MARK}${floats.push(original.text) - 1}` : value;
  });
  return text.replaceAll(MARKED, (_, index: string) => floats[Number(index)] ?? '');
}
/** A private character, which no definition needs. */
const MARK = '\uE0F0raw-float:';
const MARKED = new RegExp(`"${MARK}(\\d+)"`, 'g');

import type { Deferred } from './token';

/**
 * A number that is written with its point even if it is whole, `2.0`. JSON.stringify can't: it is for the few members
 * that SageMaker reads as a float only then, such as NumberOfCpuCoresRequired of an InferenceComponent.
 *
 * `Stack.toJsonString` of the CDK takes it for a token that resolves to a number; {@link definitionText} writes it by
 * itself; JSON.stringify drops the point.
 */
export class RawFloat implements Deferred {
  readonly creationStack: string[] = [];
  /** Tells the CDK to write no quotes. */
  readonly typeHint = 'number';

  constructor(readonly value: number) {}

  get text(): string {
    return Number.isInteger(this.value) ? this.value.toFixed(1) : String(this.value);
  }

  /** An intrinsic function, because the CDK would turn a plain number into `2`. */
  resolve(): unknown {
    return { 'Fn::Join': ['', [this.text]] };
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

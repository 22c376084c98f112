/**
 * A value that only the CDK can fill in. It hides tokens in strings, in lists and in numbers so small that nobody means
 * them; this layer can't ask the CDK about them, so it knows their form.
 * @see https://docs.aws.amazon.com/cdk/v2/guide/tokens.html
 */
export function isToken(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return /[$#]\{Token\[[^\]]*\]\}/.test(value);
    case 'number':
      return isNumberToken(value);
    case 'object':
      return isDeferred(value) || (Array.isArray(value) && value.some((item) => isListToken(item)));
    default:
      return false;
  }
}

/** An object of the CDK (`IResolvable`) that stands for a value. */
export interface Deferred {
  readonly creationStack: string[];
  resolve(context: never): unknown;
  toString(): string;
}

export function isDeferred(value: unknown): value is Deferred {
  return typeof value === 'object' && value !== null && 'resolve' in value && typeof value.resolve === 'function';
}

/** A list that is a token holds one such string and nothing else. */
function isListToken(item: unknown): boolean {
  return typeof item === 'string' && item.startsWith('#{Token[');
}

/** The first 16 bits of the double are a mark, the other 48 the token's number. */
function isNumberToken(value: number): boolean {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value);
  return bytes.getUint16(0) === NUMBER_TOKEN;
}
const NUMBER_TOKEN = 0xfbff;

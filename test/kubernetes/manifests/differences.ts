/** Decimal and binary suffixes of a quantity. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/**
 * What was sent and isn't there when read back, or is there otherwise, each with its path. What the server added is none
 * of it. Two spellings of one quantity are the same.
 */
export function differences(sent: unknown, got: unknown, path = ''): readonly string[] {
  if (Array.isArray(sent)) {
    if (!Array.isArray(got)) return [`${path}: sent a list, got ${JSON.stringify(got)}`];
    if (sent.length !== got.length) return [`${path}: sent ${sent.length} entries, got ${got.length}`];
    return sent.flatMap((value, index) => differences(value, got[index], `${path}[${index}]`));
  }
  if (isObject(sent)) {
    if (!isObject(got)) return [`${path}: sent an object, got ${JSON.stringify(got)}`];
    return Object.entries(sent).flatMap(([key, value]) => differences(value, got[key], path ? `${path}.${key}` : key));
  }
  if (sent === got || (quantity(sent) ?? Number.NaN) === quantity(got)) return [];
  return [`${path}: sent ${JSON.stringify(sent)}, got ${JSON.stringify(got)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns undefined for what is none: only a text is spelt in several ways */
function quantity(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [, number, suffix = ''] = /^([0-9]+(?:\.[0-9]+)?)([a-zA-Z]*)$/.exec(value) ?? [];
  const factor = SUFFIXES[suffix];
  return number === undefined || factor === undefined ? undefined : Number((Number(number) * factor).toPrecision(12));
}

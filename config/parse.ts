import type { z } from 'zod';
import type { Faults } from '../core/faults';

type Issue = z.core.$ZodIssue;

/** Parses every entry of a config file, adding each mistake to `faults` with its path, value and fix. */
export function parseEntries<K extends string, S extends z.ZodType>(
  file: string,
  key: z.ZodType<string>,
  schema: S,
  entries: Readonly<Record<K, unknown>>,
  faults: Faults,
): Record<K, z.output<S>> {
  const parsed: [string, z.output<S>][] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const nameResult = key.safeParse(name);
    for (const { message } of nameResult.error?.issues ?? []) {
      faults.add(`${file}: ${name}`, `${message}, got ${name}`, 'rename the entry');
    }
    const result = schema.safeParse(entry);
    if (result.success) parsed.push([name, result.data]);
    else for (const issue of result.error.issues) addIssue(`${file}: ${name}`, entry, issue, faults);
  }
  return Object.fromEntries(parsed) as Record<K, z.output<S>>;
}

function addIssue(where: string, entry: unknown, issue: Issue, faults: Faults): void {
  const path = [where, ...issue.path.map(String)].join('.');
  const got = show(
    issue.path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], entry),
  );
  faults.add(path, `${message(issue)}, got ${got}`, fix(issue));
}

function message(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown ${issue.keys.length > 1 ? 'keys' : 'key'} ${issue.keys.join(', ')}`;
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function fix(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'check the spelling, or remove it';
    case 'invalid_value':
      return `use ${issue.values.map(String).join(' or ')}`;
    case 'invalid_type':
      return `write a value of type ${issue.expected}`;
    case 'too_small':
      return 'raise it';
    case 'too_big':
      return 'lower it';
    case 'custom':
      return typeof issue.params?.fix === 'string' ? issue.params.fix : 'correct the value';
    case 'invalid_union':
      return 'see the type in config/serving.ts, config/model-spec.ts or config/environment-spec.ts';
    default:
      return 'correct the value';
  }
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value);
}

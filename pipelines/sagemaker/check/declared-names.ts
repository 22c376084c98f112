import type { StepDefinition } from '../definition';
import { isExpression } from '../expression-forms';
import { isToken } from '../token';
import type { PathPart } from './get-path';

/** Where a step declares the names by which others read its lists. */
const DECLARATIONS: readonly {
  readonly list: string;
  readonly what: string;
  readonly path: readonly string[];
  readonly member: string;
}[] = [
  { list: 'Outputs', what: 'output', path: ['ProcessingOutputConfig', 'Outputs'], member: 'OutputName' },
  { list: 'ProcessingInputs', what: 'input', path: ['ProcessingInputs'], member: 'InputName' },
  {
    list: 'FinalMetricDataList',
    what: 'metric',
    path: ['AlgorithmSpecification', 'MetricDefinitions'],
    member: 'Name',
  },
];

/**
 * Looks for a name that the path reads in what the step declares.
 * @returns undefined if it is there, if nobody can tell, or if the path reads no name
 */
export function declaresNamed(
  step: StepDefinition,
  path: readonly PathPart[],
): { readonly what: string; readonly name: string; readonly declared: readonly string[] } | undefined {
  for (const [position, part] of path.entries()) {
    const before = path[position - 1];
    if (part.kind !== 'key' || before?.kind !== 'member') continue;
    const declaration = DECLARATIONS.find(({ list }) => list === before.name);
    if (!declaration) continue;
    const declared = namesOf(step, declaration.path, declaration.member);
    // A built-in algorithm emits metrics that nobody declares.
    const unsure = declared === undefined || (declaration.list === 'FinalMetricDataList' && declared.length === 0);
    if (unsure || declared.includes(part.name)) continue;
    return { what: `${declaration.what} of ${step.Name}`, name: part.name, declared };
  }
  return undefined;
}

/** @returns undefined if one of the names is known only later */
export function namesOf(step: StepDefinition, path: readonly string[], member: string): string[] | undefined {
  const list = path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    step.Arguments,
  );
  if (!Array.isArray(list)) return [];
  const names = list.map((item) =>
    typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[member] : undefined,
  );
  if (names.some((name) => isToken(name) || isExpression(name))) return undefined;
  return names.filter((name): name is string => typeof name === 'string');
}

import type { Template } from 'aws-cdk-lib/assertions';

type Texts = string | readonly string[];
type Operator = Readonly<Record<string, Texts>>;

export interface PolicyStatement {
  readonly Effect: string;
  readonly Action: Texts;
  readonly Resource: Texts;
  readonly Condition?: Readonly<Record<string, Operator>>;
}

/** What IAM knows of a request besides action and resource, by condition key. */
export type RequestContext = Readonly<Record<string, string>>;

/**
 * Statements of all policies whose logical id begins with `prefix`. What only CloudFormation knows is written as
 * `<LogicalId>`, and another stack's output as `<OutputName>`.
 */
export function policyOf(template: Template, prefix: string): readonly PolicyStatement[] {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, { Properties }]) => {
      const { PolicyDocument } = resolve(Properties) as { PolicyDocument: { Statement: PolicyStatement[] } };
      return PolicyDocument.Statement;
    });
}

/** Whether a request would be allowed, as IAM decides it: wildcards, conditions, and a Deny above all. */
export function allows(
  statements: readonly PolicyStatement[],
  action: string,
  resource: string,
  context: RequestContext = {},
): boolean {
  const matching = statements.filter(
    ({ Action, Resource, Condition = {} }) =>
      some(Action, (pattern) => matches(pattern, action)) &&
      some(Resource, (pattern) => matches(pattern, resource)) &&
      Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, context)),
  );
  return matching.length > 0 && matching.every(({ Effect }) => Effect === 'Allow');
}

/** Names of all actions that statements allow, sorted. */
export function allowedActions(statements: readonly PolicyStatement[]): string[] {
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
  return [...new Set(allowed.flatMap(({ Action }) => Action))].sort();
}

/** Writes out intrinsic functions. */
export function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (key === 'Ref') return `<${argument}>`;
    if (key === 'Fn::GetAtt') return `<${(argument as string[])[0]}>`;
    if (key === 'Fn::GetStackOutput') return `<${(argument as { OutputName: string }).OutputName}>`;
    if (key === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(resolve).join(separator);
    }
    if (key.startsWith('Fn::')) throw new Error(`${key} is not simulated`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
}

function holds(operator: string, keys: Operator, context: RequestContext): boolean {
  const compare = OPERATORS[operator];
  if (!compare) throw new Error(`${operator} is not simulated`);
  return Object.entries(keys).every(([key, values]) => {
    const actual = context[key];
    return actual !== undefined && some(values, (value) => compare(value, actual));
  });
}

const OPERATORS: Readonly<Record<string, (expected: string, actual: string) => boolean>> = {
  StringEquals: (expected, actual) => expected === actual,
  StringLike: matches,
  ArnLike: matches,
  ArnEquals: matches,
};

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(text);
}

function some(values: Texts, predicate: (value: string) => boolean): boolean {
  return [values].flat().some(predicate);
}

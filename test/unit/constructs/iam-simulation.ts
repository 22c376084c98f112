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

/** A statement of a policy that a resource has. */
export interface ResourceStatement extends PolicyStatement {
  readonly Principal: string | Readonly<Record<string, Texts>>;
}

/** A role that asks. */
export interface Caller {
  readonly account: string;
  /** Of the role. */
  readonly arn: string;
}

/** Statements of the policy in a property of a resource whose logical id begins with `prefix`. */
export function resourcePolicyOf(
  template: Template,
  type: string,
  property: string,
  prefix = '',
): readonly ResourceStatement[] {
  return Object.entries(template.findResources(type))
    .filter(([id, { Properties }]) => JSON.stringify([id, Properties]).includes(prefix))
    .flatMap(([, { Properties }]) => {
      const policy = (resolve(Properties) as Record<string, { Statement: ResourceStatement[] } | undefined>)[property];
      return policy?.Statement ?? [];
    });
}

/** Whether a resource's own policy allows a request. A role knows its account and its ARN by itself. */
export function resourceAllows(
  statements: readonly ResourceStatement[],
  { account, arn }: Caller,
  action: string,
  resource: string,
  context: RequestContext = {},
): boolean {
  const about = statements.filter(({ Principal }) => {
    if (Principal === '*') return true;
    const named = typeof Principal === 'string' ? [] : [Principal['AWS'] ?? []].flat();
    return named.some((each) => each === '*' || each === arn || each === `arn:aws:iam::${account}:root`);
  });
  return allows(about, action, resource, { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': account, ...context });
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
    if (key === 'Ref' && argument === 'AWS::URLSuffix') return 'amazonaws.com';
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
  if (operator === 'Null') {
    return Object.entries(keys).every(([key, absent]) =>
      some(absent, (value) => (value === 'true') === !(key in context)),
    );
  }
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
  Bool: (expected, actual) => expected === actual,
  NumericLessThan: (expected, actual) => Number(actual) < Number(expected),
  'ForAllValues:StringEquals': (expected, actual) => expected === actual,
};

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(text);
}

function some(values: Texts, predicate: (value: string) => boolean): boolean {
  return [values].flat().some(predicate);
}

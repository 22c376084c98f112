/**
 * Reads what our app has synthesised (first argument) and writes how to make the same with L1s only (second). The
 * L1s themselves translate the properties, as they do for CfnInclude.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type IResolvable, Stack, Tokenization } from 'aws-cdk-lib';
import { stagesOf, type Template } from './assembly';
import { L1Plan, type Late, type PlannedResource } from './l1-plan';

const load = createRequire(__filename);
/** The class of each type, as CfnInclude has it; the package doesn't export the file. */
const classes = JSON.parse(
  readFileSync(join(dirname(load.resolve('aws-cdk-lib')), 'cloudformation-include/cfn-types-2-classes.json'), 'utf8'),
) as Readonly<Record<string, string>>;
const LATE = '\u0001';

/** An intrinsic function, and whatever an L1 makes of it where it wants text. */
class Intrinsic implements IResolvable {
  readonly creationStack = [];
  constructor(readonly value: unknown) {}
  resolve(): unknown {
    return this.value;
  }
  toString(): string {
    return LATE + JSON.stringify(this.value);
  }
}

function parsed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(parsed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) return new Intrinsic(value);
  return Object.fromEntries(entries.map(([key, entry]) => [key, parsed(entry)]));
}

function marked(value: unknown): unknown {
  const late = (found: unknown, as: Late['as']): Late => ({ $late: (found as Intrinsic).value, as });
  if (value instanceof Intrinsic) return late(value, 'any');
  if (typeof value === 'string') {
    return value.startsWith(LATE) ? { $late: JSON.parse(value.slice(LATE.length)) as unknown, as: 'string' } : value;
  }
  if (typeof value === 'number') {
    const token = Tokenization.reverseNumber(value);
    return token ? late(token, 'number') : value;
  }
  if (Array.isArray(value)) {
    const token = value.every((entry) => typeof entry === 'string') && Tokenization.reverseList(value);
    return token ? late(token, 'list') : value.map(marked);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, marked(entry)]));
}

/** As CfnInclude uses it. */
interface L1 {
  readonly _fromCloudFormation: (
    scope: Stack,
    id: string,
    template: unknown,
    options: unknown,
  ) => { readonly _cfnProperties: unknown };
}

function planned(scope: Stack, id: string, resource: Template['Resources'][string]): PlannedResource {
  const { Type: type, Properties: properties = {}, Metadata: _, ...attributes } = resource;
  const [module, name] = classes[type]?.split('.') ?? [];
  if (module === undefined || name === undefined) return { id, type, properties, attributes };
  const { [name]: l1 } = load(module) as Record<string, L1>;
  if (!l1) throw new Error(`${module} has no ${name}`);
  const { _fromCloudFormation: fromCloudFormation } = l1;
  const { _cfnProperties: made } = fromCloudFormation(
    scope,
    id,
    { Properties: properties },
    { parser: { parseValue: parsed, handleAttributes: () => {} } },
  );
  return { id, type, l1: [module, name], properties: marked(made), attributes };
}

function main([assembly = '', directory = '']: readonly string[]): void {
  const plan = new L1Plan(directory);
  plan.clear();
  for (const { stacks, ...stage } of stagesOf(assembly)) {
    const written = [];
    for (const { id, stackName, template } of stacks) {
      const scope = new Stack();
      const resources = Object.entries(template.Resources).map(([name, resource]) => planned(scope, name, resource));
      written.push({
        id,
        stackName,
        description: template.Description,
        parameters: template.Parameters ?? {},
        conditions: template.Conditions ?? {},
        outputs: template.Outputs ?? {},
        resources,
      });
    }
    plan.writeStage(stage, written);
  }
}

main(process.argv.slice(2));

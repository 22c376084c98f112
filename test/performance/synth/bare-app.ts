/**
 * The app that a team would have without us: the stacks and resources of ours, each written down with its L1. What it
 * makes, a plan says (first argument) instead of thousands of lines of code; the time to read it doesn't count.
 */
import { createRequire } from 'node:module';
import { App, CfnCondition, CfnOutput, CfnParameter, CfnResource, Stack, Stage, Token } from 'aws-cdk-lib';
import { uncounted, writeFiguresAtExit } from './figures';
import { L1Plan, type Late, type PlannedResource } from './l1-plan';

/** Loads a module's classes as they are asked for, as the imports of such an app do. */
const load = createRequire(__filename);

type L1 = new (scope: Stack, id: string, properties: unknown) => CfnResource;

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  if ('$late' in value) {
    const { $late, as } = value as Late;
    const intrinsic = Token.asAny($late);
    if (as === 'any') return intrinsic;
    return as === 'string'
      ? Token.asString(intrinsic)
      : as === 'number'
        ? Token.asNumber(intrinsic)
        : Token.asList(intrinsic);
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, revived(entry)]));
}

const camelCase = (properties: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  );

function make(stack: Stack, { id, type, l1, properties, attributes }: PlannedResource): void {
  let resource: CfnResource;
  if (l1) {
    const [module, name] = l1;
    const { [name]: L1Class } = load(module) as Record<string, L1>;
    if (!L1Class) throw new Error(`${module} has no ${name}`);
    resource = new L1Class(stack, id, revived(properties));
  } else {
    resource = new CfnResource(stack, id, { type, properties: properties as Record<string, unknown> });
  }
  for (const [name, value] of Object.entries(attributes)) resource.addOverride(name, value);
}

function main([directory = '']: readonly string[]): void {
  const plan = new L1Plan(directory);
  const app = new App();
  for (const { id, account, region, stacks } of uncounted(() => plan.stages())) {
    const stage = new Stage(app, id, { env: { account, region } });
    for (const file of stacks) {
      const { id: stackId, stackName, description, ...planned } = uncounted(() => plan.stack(file));
      const stack = new Stack(stage, stackId, { stackName, description });
      for (const [name, parameter] of Object.entries(planned.parameters)) {
        new CfnParameter(stack, name, camelCase(parameter));
      }
      for (const [name, expression] of Object.entries(planned.conditions)) {
        new CfnCondition(stack, name, { expression: Token.asAny(expression) });
      }
      for (const resource of planned.resources) make(stack, resource);
      for (const [name, { Value, Condition, Export }] of Object.entries(planned.outputs)) {
        new CfnOutput(stack, name, {
          value: Token.asString(Value),
          exportName: (Export as { readonly Name?: string } | undefined)?.Name,
          condition: Condition === undefined ? undefined : (stack.node.findChild(Condition as string) as CfnCondition),
        });
      }
    }
  }
}

writeFiguresAtExit();
main(process.argv.slice(2));

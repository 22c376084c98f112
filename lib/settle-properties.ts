import { CfnResource, type Stack, TreeInspector } from 'aws-cdk-lib';

const PROPERTIES = 'aws:cdk:cloudformation:props';

/**
 * Puts in place of each property of each resource what it resolves to. The CDK resolves all of them when it writes the
 * template and once more for `tree.json`: of policies and of pipeline definitions, which are hundreds of tokens each,
 * that is most of what a synthesis takes.
 *
 * Only once references between stacks have become what templates say, and before the template is written: that is when
 * the CDK validates a stack. What is changed after a synthesis doesn't come into a second one.
 */
export function settlePropertiesWhenValid(stack: Stack): void {
  stack.node.addValidation({
    validate: () => {
      for (const construct of stack.node.findAll()) {
        if (CfnResource.isCfnResource(construct)) settle(construct);
      }
      return [];
    },
  });
}

function settle(resource: CfnResource): void {
  const inspector = new TreeInspector();
  (resource as Partial<Inspectable>).inspect?.(inspector);
  const properties = (inspector.attributes[PROPERTIES] ?? {}) as Readonly<Record<string, unknown>>;
  const settable = resource as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(properties)) {
    // Tags have another form inside.
    if (typeof value === 'object' ? value !== null && settable[name] === value : typeof value === 'string')
      settable[name] = resource.stack.resolve(value);
  }
}

interface Inspectable {
  inspect(inspector: TreeInspector): void;
}

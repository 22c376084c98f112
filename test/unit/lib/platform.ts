import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentInput } from '../../../config/environment-spec';
import type { ModelSpec } from '../../../config/model-spec';
import { defineEnvironments } from '../../../config/schema';
import { PlatformStage } from '../../../lib/platform-stage';
import { environment } from '../config/smallest';
import { app } from '../constructs/smallest';

/** The smallest environment of these models, called `test`. */
export function platform<M extends string>(
  models: Readonly<Record<M, ModelSpec>>,
  overrides: Partial<Omit<EnvironmentInput, 'models'>> = {},
): PlatformStage {
  const names = Object.keys(models) as M[];
  const { test } = defineEnvironments(models, { test: environment(names, overrides) as never });
  return new PlatformStage(app(), 'test', { environment: test, models });
}

/** Templates of a stage by the id of their stack, for example `Data`. */
export function templatesOf(stage: PlatformStage): Readonly<Record<string, Template>> {
  return Object.fromEntries(
    stage.node.children.filter(Stack.isStack).map((stack) => [stack.node.id, Template.fromStack(stack)]),
  );
}

/** The template of one stack of a stage. @param id for example `Data` */
export function templateOf(stage: PlatformStage, id: string): Template {
  return Template.fromStack(stage.node.findChild(id) as Stack);
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** All resources of a template by logical id. */
export function resourcesOf(template: Template): Readonly<Record<string, Resource>> {
  return (template.toJSON() as { Resources: Record<string, Resource> }).Resources;
}

import { type Shape, shapeOf } from '../../../pipelines/shape/shape';

/** The shapes of one service's actions, as its SDK client package exports them. */
export class ServiceModel {
  /**
   * @param title as people call the service
   * @param targetPrefix part of the header X-Amz-Target before the dot
   * @param schemas the exports of the client package, for example of `@aws-sdk/client-sagemaker`
   */
  constructor(
    readonly title: string,
    readonly targetPrefix: string,
    private readonly schemas: Readonly<Record<string, unknown>>,
  ) {}

  /** @returns undefined if the service has no such action */
  action(name: string): { readonly input: Shape; readonly output: Shape } | undefined {
    const schema = Object.hasOwn(this.schemas, `${name}$`) ? this.schemas[`${name}$`] : undefined;
    if (!Array.isArray(schema) || schema[0] !== OPERATION) return undefined;
    return { input: shapeOf(schema[4]), output: shapeOf(schema[5]) };
  }
}

/** Marks the schema of an action, see `@smithy/types`. */
const OPERATION = 9;

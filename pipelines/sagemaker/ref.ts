export type Primitive = string | number | boolean;

/** What a reference reads in the definition's JSON. */
export type Expression = GetExpression | JoinExpression | JsonGetExpression;
export interface GetExpression {
  readonly Get: string;
}
export interface JoinExpression {
  readonly 'Std:Join': { readonly On: string; readonly Values: readonly (Primitive | Expression)[] };
}
export interface JsonGetExpression {
  readonly 'Std:JsonGet': {
    readonly PropertyFile?: GetExpression;
    readonly S3Uri?: string | Expression;
    readonly Path: string;
  };
}

/** A value that is known only when the pipeline runs. Whoever holds one depends on the step that it comes from. */
export class Ref<out T extends Primitive> {
  /** Keeps a Ref of a number apart from one of a string; there at compile time only. */
  declare private readonly stands: T;

  constructor(readonly expression: Expression) {}
}

/** A literal or a reference. */
export type Value<T extends Primitive = Primitive> = T | Ref<T>;

/** Puts values together to one string, with `on` between them. */
export function join(on: string, ...values: readonly Value[]): Ref<string> {
  return new Ref({ 'Std:Join': { On: on, Values: values.map(expressionOf) } });
}

/**
 * Reads a JSON file in S3 that no step declares as a property file.
 * @param path for example `metrics.roc_auc.value` or `folds[0].rmse`; a literal, as SageMaker takes no reference here
 */
export function jsonGetFromS3<T extends Primitive>(s3Uri: Value<string>, path: string): Ref<T> {
  return new Ref({ 'Std:JsonGet': { S3Uri: expressionOf(s3Uri), Path: path } });
}

export function expressionOf<T extends Primitive>(value: Value<T>): T | Expression {
  return value instanceof Ref ? value.expression : value;
}

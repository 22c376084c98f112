import { type Primitive, Ref } from './ref';

export type ParameterType = 'String' | 'Integer' | 'Float' | 'Boolean';

/** A value that whoever starts the pipeline may choose. */
export class Parameter<T extends Primitive = Primitive> extends Ref<T> {
  constructor(
    readonly name: string,
    readonly type: ParameterType,
    readonly options: ParameterOptions<T> = {},
  ) {
    super({ Get: `Parameters.${name}` });
  }
}

export interface ParameterOptions<T extends Primitive> {
  /** @default - has to be given at every start */
  readonly defaultValue?: T;
}

export interface StringParameterOptions<T extends string> extends ParameterOptions<NoInfer<T>> {
  /** @default - every string is allowed */
  readonly enumValues?: readonly T[];
}

export function stringParameter<const T extends string = string>(
  name: string,
  options?: StringParameterOptions<T>,
): Parameter<string> {
  return new Parameter<string>(name, 'String', options);
}

export function integerParameter(name: string, options?: ParameterOptions<number>): Parameter<number> {
  return new Parameter(name, 'Integer', options);
}

export function floatParameter(name: string, options?: ParameterOptions<number>): Parameter<number> {
  return new Parameter(name, 'Float', options);
}

export function booleanParameter(name: string, options?: ParameterOptions<boolean>): Parameter<boolean> {
  return new Parameter(name, 'Boolean', options);
}

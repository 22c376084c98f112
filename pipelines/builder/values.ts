import type { Parameter, Reference, Scalar, Value } from '../definition';

/** @param values all that a string may be; none for any */
export function parameter(
  name: string,
  type: Parameter['type'],
  defaultValue?: Scalar,
  values?: readonly string[],
): Parameter {
  return {
    kind: 'parameter',
    name,
    type,
    ...(defaultValue !== undefined && { defaultValue }),
    ...(values && { values }),
  };
}

/** Puts the parts together to one string. */
export function text(...parts: readonly Value[]): Reference {
  return { kind: 'text', parts };
}

/** What is known of the run itself. */
export function execution(variable: 'id' | 'startTime' | 'pipelineName'): Reference {
  return { kind: 'execution', variable };
}

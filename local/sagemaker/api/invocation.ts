/** One InvokeEndpoint, as the runtime's REST protocol brings it. */
export interface Invocation {
  readonly endpointName: string;
  readonly body: Buffer;
  readonly contentType?: string;
  readonly accept?: string;
  readonly targetVariant?: string;
  readonly customAttributes?: string;
  readonly inferenceId?: string;
  readonly inferenceComponent?: string;
}

export interface InvocationResult {
  readonly statusCode: number;
  readonly body: Buffer;
  readonly contentType?: string;
  readonly invokedVariant: string;
  /** What the model server answered in X-Amzn-SageMaker-Custom-Attributes. */
  readonly customAttributes?: string;
}

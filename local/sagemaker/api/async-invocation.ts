/** One InvokeEndpointAsync, as the runtime's REST protocol brings it. */
export interface AsyncInvocation {
  readonly endpointName: string;
  /** `s3://` URI of what the model is asked. */
  readonly inputLocation: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly customAttributes?: string;
  readonly inferenceId?: string;
  /** Longest time in the queue. @default 21600 */
  readonly requestTtlSeconds?: number;
  /** Longest time that the model may take. @default 900 */
  readonly invocationTimeoutSeconds?: number;
  /** Folder below that of the configuration that the answer goes to. @default - that of the configuration */
  readonly outputPathExtension?: string;
  /** Of the answer. @default - one that nothing else has */
  readonly filename?: string;
}

/** What the caller learns at once. */
export interface AcceptedInvocation {
  readonly inferenceId: string;
  /** Where the answer will be. */
  readonly outputLocation?: string;
  /** Where the answer will be if the model fails. */
  readonly failureLocation?: string;
}

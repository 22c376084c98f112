/** Takes what a service measures of itself to CloudWatch. */
export interface MetricPublisher {
  publish(namespace: string, data: readonly MetricDatum[]): Promise<void>;
}

export interface MetricDatum {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: 'None' | 'Count' | 'Microseconds' | 'Milliseconds' | 'Seconds' | 'Percent';
  readonly timestamp: Date;
  /** Distinct values with how often each was seen. */
  readonly values: ReadonlyMap<number, number>;
}

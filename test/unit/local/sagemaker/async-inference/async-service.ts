import type { JsonObject } from '../../../../../core/json';
import type { AcceptedInvocation, AsyncInvocation } from '../../../../../local/sagemaker/api/async-invocation';
import type { MetricDatum } from '../../../../../local/sagemaker/metric-publisher';
import { FakeService, NAME, until, type Wanted } from '../endpoint/fake-service';

export const SUCCESS = 'arn:aws:sns:us-east-1:000000000000:done';
export const ERROR = 'arn:aws:sns:us-east-1:000000000000:failed';

/** An asynchronous endpoint, and what it tells SNS and CloudWatch. */
export class AsyncService {
  readonly published: { topic: string; message: JsonObject }[] = [];
  readonly data: MetricDatum[] = [];
  /** Publications that are still to fail. */
  failures = 0;
  time: Date | undefined;
  readonly fake: FakeService;

  constructor(directory?: string) {
    this.fake = new FakeService(
      { asyncRetrySeconds: 0.02, publishIntervalSeconds: 0.02 },
      {
        now: () => this.time ?? new Date(),
        metrics: { publish: async (_, given) => void this.data.push(...given) },
        topics: {
          publish: async (topic, message) => {
            this.failures -= 1;
            if (this.failures >= 0) throw new Error('ECONNREFUSED');
            this.published.push({ topic, message: JSON.parse(message) as JsonObject });
          },
        },
      },
      directory,
    );
  }

  /** @param output what the configuration says besides the path of the answers */
  async config(name: string, output: JsonObject = {}, wanted: Wanted = {}, client: JsonObject = {}): Promise<string> {
    return this.fake.config(name, [wanted], {
      AsyncInferenceConfig: {
        OutputConfig: { S3OutputPath: 's3://bucket/out', S3FailurePath: 's3://bucket/failed/', ...output },
        ClientConfig: client,
      },
    });
  }

  async create(...more: [JsonObject?, Wanted?, JsonObject?]): Promise<JsonObject> {
    await this.fake.do('CreateEndpoint', { EndpointConfigName: await this.config('one', ...more) });
    return this.fake.settled();
  }

  /** Sends a wish to the model: puts it into the bucket and asks for it. */
  async send(wish: JsonObject = {}, more: Partial<AsyncInvocation> = {}): Promise<AcceptedInvocation> {
    const inputLocation = `s3://bucket/in/${Math.random()}`;
    await this.fake.context.storage.write(inputLocation, JSON.stringify(wish));
    return this.fake.service.invokeAsync({
      endpointName: NAME,
      inputLocation,
      contentType: 'application/json',
      ...more,
    });
  }

  stored(uri: string | undefined): string | undefined {
    return uri === undefined ? undefined : this.fake.context.storage.objects.get(uri)?.toString();
  }

  answer({ outputLocation }: AcceptedInvocation): Promise<JsonObject> {
    return until(() => {
      const text = this.stored(outputLocation);
      return text === undefined ? undefined : (JSON.parse(text) as JsonObject);
    });
  }

  /** What SNS is told of a request. */
  told({ inferenceId }: AcceptedInvocation): Promise<{ topic: string; message: JsonObject }> {
    return until(() => this.published.find(({ message }) => message.inferenceId === inferenceId));
  }

  /** All values of a metric so far, in order. */
  values(name: string): number[] {
    return this.data.filter((datum) => datum.name === name).flatMap(({ values }) => [...values.keys()]);
  }

  async scale(count: number): Promise<JsonObject> {
    await this.fake.do('UpdateEndpointWeightsAndCapacities', {
      DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: count }],
    });
    return this.fake.settled();
  }
}

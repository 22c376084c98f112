import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../../../core/json';
import { endGroup } from '../../../../../local/container/end-group';
import type { Invocation } from '../../../../../local/sagemaker/api/invocation';
import type { Context } from '../../../../../local/sagemaker/context';
import {
  createEndpointService,
  type EndpointService,
  type EndpointServiceOptions,
} from '../../../../../local/sagemaker/endpoint/endpoint-service';
import { ServiceError } from '../../../../../local/sagemaker/service-error';
import { fakeContext, IMAGE, modelArchive } from '../model-server/fake-image';

export const NAME = 'dev-flight-delay';

/** What a variant is asked to be; the smallest one is one instance of a server that works. */
export interface Wanted {
  readonly name?: string;
  readonly behaviour?: object;
  readonly instances?: number;
  readonly weight?: number;
  readonly healthTimeoutSeconds?: number;
  readonly image?: string;
  readonly serverless?: JsonObject;
}

/** The endpoint service with records of models and configurations in memory, and clean-up of all it starts. */
export class FakeService {
  readonly context: ReturnType<typeof fakeContext>;
  /** Details of changes of an endpoint's status, and of a deployment's stage. */
  readonly events: JsonObject[] = [];
  readonly stages: JsonObject[] = [];
  /** States of the alarms that exist. */
  readonly alarms = new Map<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'>();
  /** As long as alarms can not be read, a deployment stays where it is. */
  alarmsAreAway: () => boolean = () => false;
  private readonly records = new Map<string, JsonObject>();
  private readonly services: EndpointService[] = [];
  service: EndpointService;

  constructor(
    private readonly options: EndpointServiceOptions = {},
    changes: Partial<Context> = {},
    directory?: string,
  ) {
    this.context = fakeContext(
      {
        events: {
          publish: async ({ 'detail-type': type, detail }) => {
            (type === 'SageMaker Endpoint Deployment State Change' ? this.stages : this.events).push(detail);
          },
        },
        alarms: {
          describe: async (names) => {
            if (this.alarmsAreAway()) throw new Error('ECONNREFUSED');
            return names.flatMap((name) => {
              const state = this.alarms.get(name);
              return state ? { name, state, reason: `because ${name} says so` } : [];
            });
          },
        },
        ...changes,
      },
      directory,
    );
    this.service = this.begin();
  }

  /** Another program on the same state. */
  begin(): EndpointService {
    this.service = createEndpointService(this.context, this.call, {
      stopGraceSeconds: 2,
      restartDelaySeconds: 0.05,
      publishIntervalSeconds: 3_600,
      ...this.options,
    });
    this.services.push(this.service);
    return this.service;
  }

  readonly call = async (action: string, input: JsonObject): Promise<JsonObject> => {
    const name = Object.values(input)[0] as string;
    const record = this.records.get(`${action} ${name}`);
    if (!record) throw new ServiceError('ValidationException', `Could not find ${name}`);
    return record;
  };

  record(action: string, name: string, record: JsonObject): void {
    this.records.set(`${action} ${name}`, record);
  }

  /** Makes a configuration with its models. */
  async config(name: string, variants: readonly Wanted[] = [{}], more: JsonObject = {}): Promise<string> {
    for (const [index, { behaviour, image = IMAGE }] of variants.entries()) {
      const model = `${name}-${index}`;
      const uri = `s3://models/${model}.tar.gz`;
      await this.context.storage.write(uri, await modelArchive({ version: name, ...behaviour }));
      this.record('DescribeModel', model, { PrimaryContainer: { Image: image, ModelDataUrl: uri } });
    }
    this.record('DescribeEndpointConfig', name, {
      ProductionVariants: variants.map(
        ({ name: variant = 'AllTraffic', instances = 1, weight, healthTimeoutSeconds = 50, serverless }, index) => ({
          VariantName: variant,
          ModelName: `${name}-${index}`,
          ...(serverless ? { ServerlessConfig: serverless } : { InitialInstanceCount: instances }),
          ...(weight !== undefined && { InitialVariantWeight: weight }),
          ContainerStartupHealthCheckTimeoutInSeconds: healthTimeoutSeconds,
        }),
      ),
      ...more,
    });
    return name;
  }

  /** Makes a configuration whose second variant is a shadow of the first. */
  async shadowConfig(name: string, production: Wanted, shadow: Wanted, more: JsonObject = {}): Promise<string> {
    await this.config(name, [production, { name: 'Shadow', ...shadow }], more);
    const config = await this.call('DescribeEndpointConfig', { EndpointConfigName: name });
    const [first = {}, second = {}] = config.ProductionVariants as readonly JsonObject[];
    this.record('DescribeEndpointConfig', name, {
      ...config,
      ProductionVariants: [first],
      ShadowProductionVariants: [second],
    });
    return name;
  }

  async do(action: string, input: JsonObject = {}): Promise<JsonObject> {
    const operation = this.service.operations[action];
    if (!operation) throw new Error(`no ${action}`);
    return operation({ EndpointName: NAME, ...input });
  }

  async describe(): Promise<JsonObject> {
    return this.do('DescribeEndpoint');
  }

  async create(variants?: readonly Wanted[], more?: JsonObject): Promise<JsonObject> {
    await this.do('CreateEndpoint', { EndpointConfigName: await this.config('one', variants, more) });
    return this.settled();
  }

  /**
   * Keeps a deployment that watches alarms from leaving a stage, however slow the test is.
   * @param stage as many as have been published by then: 1 is the creation, 3 the first bake
   * @returns what lets it go
   */
  holdAt(stage: number): () => void {
    let held = true;
    this.alarmsAreAway = () => held && this.stages.length >= stage;
    return () => {
      held = false;
    };
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<JsonObject> {
    return until(async () => {
      const description = await this.describe();
      return ['Creating', 'Updating', 'RollingBack'].includes(description.EndpointStatus as string)
        ? undefined
        : description;
    });
  }

  async invoke(
    wish: JsonObject = {},
    more: Partial<Invocation> = {},
  ): Promise<{ version: string; pid: number } & JsonObject> {
    const { body } = await this.service.invoke({
      endpointName: NAME,
      body: Buffer.from(JSON.stringify(wish)),
      contentType: 'application/json',
      ...more,
    });
    return JSON.parse(body.toString()) as { version: string; pid: number };
  }

  /** Ids of the model servers that run, as their folders tell. */
  get processes(): number[] {
    const root = join(this.context.store.root, 'endpoint-fleets');
    return files(root)
      .filter((file) => file.endsWith('process.json'))
      .flatMap((file) => pidIn(join(root, file)) ?? []);
  }

  get logs(): string[] {
    const root = join(this.context.store.root, 'endpoint-fleets');
    return files(root).filter((file) => file.endsWith('output.log'));
  }

  async end(): Promise<void> {
    await Promise.all(this.services.map((service) => service.close()));
    // A test that fails half-way may leave the servers of a program that it has killed.
    for (const pid of this.processes) endGroup(pid);
    rmSync(this.context.directory, { recursive: true, maxRetries: 3 });
  }
}

/** Nothing of a process that is about to start, or has ended meanwhile. */
function pidIn(file: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly pid?: number }).pid;
  } catch {
    return undefined;
  }
}

function files(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

/** Waits until the condition gives something, at most 90 s: less than a test may take, on a machine that is very busy. */
export async function until<T>(condition: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const deadline = Date.now() + 90_000; ; await new Promise((resolve) => setTimeout(resolve, 10))) {
    const found = await condition();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`never true: ${condition.toString()}`);
  }
}

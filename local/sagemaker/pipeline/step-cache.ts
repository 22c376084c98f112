import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../../core/json';
import type { Context } from '../context';
import type { Collection, Store } from '../store';
import type { StepDefinition } from './definition';
import { imageDigest } from './image-digest';

/** What a successful step left. */
export interface CacheEntry {
  readonly PipelineExecutionArn: string;
  readonly EndTime: string;
  readonly Properties: JsonObject;
  readonly Metadata: JsonObject;
  /** Stands for the contents of the outputs. */
  readonly outputs: string;
}

export function cachedSteps(store: Store): Collection<CacheEntry> {
  return store.collection('pipeline-step-cache');
}

/**
 * Results of earlier executions of the same pipeline. SageMaker compares the members of a request and no more. Here
 * also the contents of inputs, of the image and of the outputs count: data that was uploaded anew under the same name,
 * or an output that another execution has overwritten since, is no hit.
 */
export class StepCache {
  private readonly entries: Collection<CacheEntry>;

  constructor(private readonly context: Context) {
    this.entries = cachedSteps(context.store);
  }

  /**
   * @param step with Arguments and the members beside them resolved
   * @param members paths into the step that decide
   */
  async key(pipelineName: string, step: StepDefinition, members: readonly string[]): Promise<string> {
    const parts: JsonObject = Object.fromEntries(members.map((path) => [path, at(step, path.split('.'))]));
    const inputs = [...new Set(textsAt(parts, INPUTS).map(unquoted))]
      .filter((uri) => uri.startsWith('s3://'))
      .sort(byText);
    const images = [...new Set(textsAt(parts, ['ImageUri', 'TrainingImage']))].sort(byText);
    const digests = images.map(async (uri) => {
      const image = this.context.images.find(uri);
      return image ? imageDigest(image) : uri;
    });
    const contents = [await this.contents(inputs), await Promise.all(digests)];
    return hash([pipelineName, step.Name, step.Type, canonical(parts), contents]);
  }

  /** @param maxAgeMs undefined for any age */
  async find(key: string, outputs: Outputs, maxAgeMs: number | undefined): Promise<CacheEntry | undefined> {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    const age = this.context.now().getTime() - Date.parse(entry.EndTime);
    if (maxAgeMs !== undefined && age > maxAgeMs) return undefined;
    return (await this.contents(outputs(entry.Properties))) === entry.outputs ? entry : undefined;
  }

  async put(key: string, outputs: Outputs, entry: Omit<CacheEntry, 'outputs'>): Promise<void> {
    this.entries.put(key, { ...entry, outputs: await this.contents(outputs(entry.Properties)) });
  }

  private async contents(uris: readonly string[]): Promise<string> {
    const lists = await Promise.all(uris.map((uri) => this.context.storage.list(uri)));
    return hash(lists.map((objects) => objects.map(({ uri, etag }) => [uri, etag])));
  }
}

/** Members that name objects which a step reads. The second one is a hyperparameter, where toolkits look for code. */
const INPUTS = ['S3Uri', 'sagemaker_submit_directory'];

/** The toolkits' SDK writes hyperparameters as JSON. */
function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/s, '$1');
}

type Outputs = (properties: JsonObject) => readonly string[];

function at(value: Json | undefined, [first, ...rest]: readonly string[]): Json | undefined {
  if (first === undefined || typeof value !== 'object' || value === null)
    return first === undefined ? value : undefined;
  return at((value as JsonObject)[first], rest);
}

/** The texts of members of these names, in any depth. */
function textsAt(value: Json | undefined, names: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, Json | undefined]) =>
    typeof inner === 'string' ? (names.includes(name) ? [inner] : []) : textsAt(inner, names),
  );
}

/** The same for every order of members. */
function canonical(value: Json | undefined): Json {
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) return (value as readonly Json[]).map(canonical);
  return Object.entries(value as JsonObject)
    .sort(([a], [b]) => byText(a, b))
    .map(([name, inner]) => [name, canonical(inner)]);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function hash(value: Json): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

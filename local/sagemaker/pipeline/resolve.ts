import type { Json, JsonObject } from '../../../core/json';
import type { ObjectStorage } from '../object-storage';
import type { PropertyFile } from './definition';
import type { ParameterValues } from './parameters';
import { functionOf, parseGet, parsePath, readPath, type Segment } from './reference';
import { StepError } from './step-error';

/** What references of one step see. */
export interface Scope {
  readonly parameters: ParameterValues;
  /** `Execution.…`; undefined for a variable that there isn't here. */
  readonly execution: (name: string) => string | undefined;
  /** `PipelineExperimentConfig.…`; its values may be references themselves. */
  readonly experiment: (name: string) => Promise<Json> | undefined;
  /** What the steps before left, shaped like the answers of Describe actions. */
  readonly properties: (step: string) => JsonObject | undefined;
  readonly propertyFile: (step: string, name: string) => PropertyFile | undefined;
  readonly storage: Pick<ObjectStorage, 'read'>;
}

/**
 * Replaces every reference in a value by what it stands for.
 * @throws StepError if a reference leads nowhere
 */
export async function resolve(value: Json, scope: Scope): Promise<Json> {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all((value as readonly Json[]).map((item) => resolve(item, scope)));
  const call = functionOf(value);
  if (call?.name === 'Get') return get(call.argument, scope);
  if (call?.name === 'Std:Join') return join(call.argument as JsonObject, scope);
  if (call?.name === 'Std:JsonGet') return jsonGet(call.argument as JsonObject, scope);
  const members = await Promise.all(
    Object.entries(value as JsonObject).map(async ([name, inner]) => [
      name,
      inner === undefined ? inner : await resolve(inner, scope),
    ]),
  );
  return Object.fromEntries(members) as JsonObject;
}

async function get(argument: Json, scope: Scope): Promise<Json> {
  const text = typeof argument === 'string' ? argument : JSON.stringify(argument);
  const value = await lookUp(text, scope);
  if (value === undefined || value === null)
    throw new StepError(`${text}: leads to nothing; check the name, and that the step before it has this property`);
  return value;
}

function lookUp(text: string, scope: Scope): Json | Promise<Json> | undefined {
  const reference = parseGet(text);
  switch (reference?.kind) {
    case 'Parameter':
      return scope.parameters[reference.name];
    case 'Execution':
      return scope.execution(reference.name);
    case 'Experiment':
      return scope.experiment(reference.name);
    case 'Step':
      return readPath(scope.properties(reference.step), reference.path);
    default:
      return undefined;
  }
}

/** Always gives a text, whatever it joins. */
async function join({ On, Values = [] }: JsonObject, scope: Scope): Promise<string> {
  const parts = (await resolve(Values, scope)) as readonly Json[];
  return parts
    .flat()
    .map(asText)
    .join(typeof On === 'string' ? On : '');
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Reads one value out of a JSON document that a step has written. */
async function jsonGet(argument: JsonObject, scope: Scope): Promise<Json> {
  const uri =
    argument.S3Uri === undefined ? propertyFileUri(argument, scope) : asText(await resolve(argument.S3Uri, scope));
  const path = typeof argument.Path === 'string' ? argument.Path : JSON.stringify(argument.Path);
  const segments = typeof argument.Path === 'string' ? parsePath(argument.Path) : undefined;
  if (!segments) throw new StepError(`Std:JsonGet: Path must be a path such as a.b[0], got ${path}; write it out`);
  const value = readPath(await readDocument(uri, scope), segments);
  if (value === undefined || value === null || typeof value === 'object')
    throw new StepError(
      `Std:JsonGet: ${uri} must hold a number, a text or a truth value at ${path}, got ${JSON.stringify(value) ?? 'nothing'}; correct the path or the script`,
    );
  return value;
}

function propertyFileUri({ PropertyFile }: JsonObject, scope: Scope): string {
  const call = PropertyFile === undefined ? undefined : functionOf(PropertyFile);
  const reference = call?.name === 'Get' && typeof call.argument === 'string' ? parseGet(call.argument) : undefined;
  const [member, name] = reference?.kind === 'Step' ? reference.path : [];
  if (reference?.kind !== 'Step' || member !== 'PropertyFiles' || typeof name !== 'string')
    throw new StepError(
      `Std:JsonGet: PropertyFile must be {"Get": "Steps.STEP.PropertyFiles.NAME"}, got ${JSON.stringify(PropertyFile)}; correct it`,
    );
  const file = scope.propertyFile(reference.step, name);
  if (!file) throw new StepError(`Std:JsonGet: step ${reference.step} declares no property file ${name}; declare it`);
  const path: Segment[] = ['ProcessingOutputConfig', 'Outputs', file.OutputName, 'S3Output', 'S3Uri'];
  const prefix = readPath(scope.properties(reference.step), path);
  if (typeof prefix !== 'string')
    throw new StepError(
      `Std:JsonGet: step ${reference.step} has no output ${file.OutputName} for property file ${name}; declare it`,
    );
  return `${prefix.replace(/\/+$/, '')}/${file.FilePath}`;
}

async function readDocument(uri: string, { storage }: Scope): Promise<Json> {
  let body: Buffer;
  try {
    body = await storage.read(uri);
  } catch (cause) {
    throw new StepError(
      `Std:JsonGet: can't read ${uri}, got ${(cause as Error).message}; check that the step writes it`,
      undefined,
      { cause },
    );
  }
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch (cause) {
    throw new StepError(
      `Std:JsonGet: ${uri} isn't JSON, got ${(cause as Error).message}; correct the script that writes it`,
      undefined,
      { cause },
    );
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Template {
  readonly Description?: string;
  readonly Parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Resources: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly Type: string }>>;
}

export interface SynthesisedStack {
  /** Construct id. */
  readonly id: string;
  readonly stackName: string;
  readonly template: Template;
}

export interface SynthesisedStage {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly stacks: readonly SynthesisedStack[];
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
}

const json = (...path: readonly string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));
/** What a synthesizer adds by itself. */
const ADDED = 'BootstrapVersion';

/** The stages of a synthesised app, one at a time: there may be many templates. */
export function* stagesOf(assembly: string): Generator<SynthesisedStage> {
  for (const folder of readdirSync(assembly).filter((name) => name.startsWith('assembly-'))) {
    const { artifacts } = json(assembly, folder, 'manifest.json') as {
      artifacts: Readonly<Record<string, Artifact>>;
    };
    const stage = folder.slice('assembly-'.length);
    const stacks = Object.values(artifacts).filter(({ type }) => type === 'aws:cloudformation:stack');
    const [, account = '', region = ''] = /^aws:\/\/(\d+)\/(.+)$/.exec(stacks[0]?.environment ?? '') ?? [];
    yield {
      id: stage,
      account,
      region,
      stacks: stacks.map(({ displayName = '', properties = {} }) => ({
        id: displayName.replace(/ \(.*\)$/, '').slice(stage.length + 1),
        stackName: properties.stackName ?? '',
        template: withoutAdded(json(assembly, folder, properties.templateFile ?? '') as Template),
      })),
    };
  }
}

function withoutAdded(template: Template): Template {
  const { [ADDED]: _, ...parameters } = template.Parameters ?? {};
  return { ...template, Parameters: parameters };
}

/** Where two assemblies have other resources, parameters, conditions or outputs; metadata aside. */
export function differences(ours: string, theirs: string): readonly string[] {
  const found: string[] = [];
  const others = stagesOf(theirs);
  for (const stage of stagesOf(ours)) {
    const other = others.next().value as SynthesisedStage | undefined;
    for (const { id, template } of stage.stacks) {
      const twin = other?.id === stage.id ? other.stacks.find((stack) => stack.id === id) : undefined;
      if (canonical(template) !== canonical(twin?.template)) found.push(`${stage.id}/${id}`);
    }
    if (other?.stacks.length !== stage.stacks.length) found.push(`${stage.id}: the number of stacks`);
  }
  if (!others.next().done) found.push('a stage more');
  return found;
}

function canonical(template: Template | undefined): string {
  const { Parameters = {}, Conditions = {}, Outputs = {}, Resources = {} } = template ?? {};
  const resources = Object.fromEntries(
    Object.entries(Resources).map(([id, resource]) => [id, { ...resource, Metadata: undefined }]),
  );
  return JSON.stringify({ Parameters, Conditions, Outputs, resources }, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

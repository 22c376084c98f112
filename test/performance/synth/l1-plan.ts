import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A value of CloudFormation that is known at deployment only, and as what an L1 takes it. */
export interface Late {
  readonly $late: unknown;
  readonly as: 'any' | 'string' | 'number' | 'list';
}

export interface PlannedResource {
  readonly id: string;
  readonly type: string;
  /** Module and class of the L1. @default - there is none, and `CfnResource` takes the properties as they are */
  readonly l1?: readonly [module: string, name: string];
  /** As the L1 takes them, with {@link Late} in them. */
  readonly properties: unknown;
  /** Whatever else the template says of the resource, such as DependsOn. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface PlannedStack {
  readonly id: string;
  readonly stackName: string;
  readonly description?: string;
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly resources: readonly PlannedResource[];
}

export interface PlannedStage {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** Files of {@link PlannedStack}. */
  readonly stacks: readonly string[];
}

/** A folder that tells the bare app what to make. */
export class L1Plan {
  constructor(private readonly directory: string) {}

  clear(): void {
    rmSync(this.directory, { recursive: true, force: true });
    mkdirSync(this.directory, { recursive: true });
  }

  writeStage(stage: Omit<PlannedStage, 'stacks'>, stacks: readonly PlannedStack[]): void {
    const files = stacks.map((stack) => {
      const file = `${stage.id}.${stack.id}.stack.json`;
      writeFileSync(join(this.directory, file), JSON.stringify(stack));
      return file;
    });
    writeFileSync(join(this.directory, `${stage.id}.stage.json`), JSON.stringify({ ...stage, stacks: files }));
  }

  stages(): readonly PlannedStage[] {
    return readdirSync(this.directory)
      .filter((file) => file.endsWith('.stage.json'))
      .map((file) => JSON.parse(readFileSync(join(this.directory, file), 'utf8')) as PlannedStage);
  }

  stack(file: string): PlannedStack {
    return JSON.parse(readFileSync(join(this.directory, file), 'utf8')) as PlannedStack;
  }
}

/** What the CDK prints for each change of a resource while it deploys. */
export interface StackEvent {
  readonly stack: string;
  readonly status: string;
  readonly type: string;
  /** The resource's id, and the reason when there is one. */
  readonly text: string;
  /** Resources that are through, and that there are in all, where it says so. */
  readonly done?: number;
  readonly total?: number;
}

const LINE = /^(\S+)\s*\|\s*(?:(\d+)(?:\/(\d+))?)?\s*\|[^|]*\|\s*([A-Z_]+)\s*\|\s*([\w:]+)\s*\|\s*(.*?)\s*$/;

/** @returns undefined for any other line */
export function parseStackEvent(line: string): StackEvent | undefined {
  const [, stack, done, total, status, type, text = ''] = LINE.exec(line) ?? [];
  if (!stack || !status || !type) return undefined;
  return {
    stack,
    status,
    type,
    text,
    done: done === undefined ? undefined : Number(done),
    total: total === undefined ? undefined : Number(total),
  };
}

export function isFailure({ status, type, text }: StackEvent): boolean {
  // Resources that were in work beside the one that failed are called off, which explains nothing.
  return status.endsWith('_FAILED') && type !== 'AWS::CloudFormation::Stack' && !/cancelled/i.test(text);
}

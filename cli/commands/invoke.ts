import type { Command } from 'commander';
import { InvalidInputError } from '../../core/invalid-input-error';
import { modelName } from '../../core/names';
import { errorMessage, errorName } from '../../core/release/aws/service-errors';
import { contentTypeOf, readBody } from '../invoke/read-body';
import { type Chosen, choose } from '../model-argument';
import type { Surroundings } from '../output';
import type { Connect } from '../release/connect';
import { connectByDefault } from '../release/connect-by-default';
import { inHouseForm } from '../release/in-house-form';

export interface InvokeCommandOptions {
  /** @default - the AWS of this machine or of the environment's account, by the SDK */
  readonly connect?: Connect;
  /** @default process.stdin */
  readonly standardInput?: NodeJS.ReadableStream;
}

interface Options {
  readonly env: string;
  readonly body: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly targetVariant?: string;
  readonly json?: boolean;
}

/** `mlops invoke`: one request. */
export function invokeCommand(
  program: Command,
  surroundings: Surroundings,
  { connect = connectByDefault, standardInput = process.stdin }: InvokeCommandOptions = {},
): void {
  const { out } = surroundings;
  program
    .command('invoke <model>')
    .description(
      'send one request to a model; the answer goes to the standard output, what it took to the error output',
    )
    .option('--env <name>', 'environment', 'local')
    .option('--body <file>', 'file with the request, or - for the standard input', '-')
    .option('--content-type <type>', "of the body (default: by the file's ending, or application/json)")
    .option('--accept <type>', 'what to answer with (default: what the model likes)')
    .option('--target-variant <name>', 'ask this variant, whatever its weight')
    .option('--json', 'print answer, variant and time as one JSON object')
    .action(async (model: string, { env, body: file, contentType, accept, targetVariant, json }: Options) => {
      const chosen = await choose(env, model);
      const body = await readBody(file, standardInput);
      await inHouseForm(chosen, async () => {
        const api = await connect(chosen, surroundings);
        const began = performance.now();
        const answer = await api.runtime
          .invokeEndpoint({
            EndpointName: modelName(env, model),
            Body: body,
            ContentType: contentType ?? contentTypeOf(file),
            Accept: accept,
            TargetVariant: targetVariant,
          })
          .catch((error: unknown) => explain(error, chosen));
        const milliseconds = performance.now() - began;
        const { ContentType = '', InvokedProductionVariant: variant = '' } = answer;
        const text = Buffer.from(answer.Body ?? []).toString('utf8');
        if (json) {
          out.line(JSON.stringify({ variant, contentType: ContentType, milliseconds, body: text }, null, 2));
        } else {
          out.line(text.replace(/\r?\n$/, ''));
          out.note(`${variant} answered with ${ContentType} in ${milliseconds.toFixed(0)} ms`);
        }
      });
    });
}

/** @throws always, in our own form where we know what it means */
function explain(cause: unknown, { environmentName, model }: Chosen): never {
  const where = `${model} in ${environmentName}`;
  const got = errorMessage(cause);
  if (errorName(cause) === 'ModelError') {
    const { OriginalStatusCode, OriginalMessage } = cause as {
      readonly OriginalStatusCode?: number;
      readonly OriginalMessage?: string;
    };
    throw new Error(
      `${where}: the model refused the request or failed, got ${OriginalStatusCode ?? 'no status'} ${OriginalMessage ?? got}; correct the body, or look at the endpoint's log`,
      { cause },
    );
  }
  if (/^Validation(Error|Exception)$/.test(errorName(cause))) {
    throw new InvalidInputError(
      where,
      `can't be asked, got ${got}`,
      `npx mlops status ${environmentName} says what serves`,
      {
        cause,
      },
    );
  }
  throw cause;
}

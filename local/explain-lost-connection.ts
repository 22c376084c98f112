import type { SSMClient } from '@aws-sdk/client-ssm';

const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Makes a client of the local AWS say, when nothing answers, what that means and what to do. */
export function explainLostConnection<C extends { readonly middlewareStack: { add(...args: never[]): void } }>(
  client: C,
  endpoint: string,
): C {
  // The clients differ in the types of their requests only, which don't matter here.
  (client.middlewareStack as SSMClient['middlewareStack']).add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const code = codeOf(error);
        if (!LOST.has(code)) throw error;
        throw new Error(
          `${endpoint}: the local AWS has ended, got ${code}; run the command again, or npm run local: nothing that was finished is lost`,
          { cause: error },
        );
      }
    },
    { step: 'initialize', name: 'explainLostConnection' },
  );
  return client;
}

/** Where both addresses of `localhost` were tried, the error is several. */
function codeOf(error: unknown): string {
  const { code, errors = [] } = error as { readonly code?: string; readonly errors?: readonly unknown[] };
  return code ?? (errors.length > 0 ? codeOf(errors[0]) : '');
}

/** An answer that isn't 200. Its message is the answer's `error`. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly statusCode: number,
    where: string,
    problem: string,
    fix: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${where}: ${problem}; ${fix}`);
  }
}

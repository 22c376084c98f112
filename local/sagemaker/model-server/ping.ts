import { request } from 'node:http';

/**
 * Asks a model server whether it is ready.
 * @returns the status code, or what went wrong
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html a container has 2 s to answer
 */
export function ping(port: number, timeoutMs = 2_000): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/ping',
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    });
    asked.once('response', (response) => {
      response.resume();
      // Headers without an end are no answer.
      response.once('end', () => resolve(response.statusCode ?? 'no status'));
      response.once('error', ({ message }) => resolve(message));
    });
    asked.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.name === 'AbortError' || error.name === 'TimeoutError'
          ? `no answer within ${timeoutMs} ms`
          : (error.code ?? error.message),
      ),
    );
    asked.end();
  });
}

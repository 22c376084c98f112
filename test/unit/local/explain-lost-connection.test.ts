import { explainLostConnection } from '../../../local/explain-lost-connection';

type Next = (args: object) => Promise<unknown>;

/** Answers a request as a client would whose connection does what `next` does. */
async function ask(next: Next): Promise<unknown> {
  let handler: Next = next;
  const client = {
    middlewareStack: {
      add: (middleware: (inner: Next) => Next) => {
        handler = middleware(next);
      },
    },
  };
  explainLostConnection(client, 'http://localhost:4566');
  return handler({});
}

const failure = (code: string) => Object.assign(new Error('low level'), { code });

describe('a client of the local AWS', () => {
  test('hands answers on', async () => {
    await expect(ask(async () => 'answer')).resolves.toBe('answer');
  });

  test("leaves the service's own errors as they are", async () => {
    const error = Object.assign(new Error('no'), { name: 'ParameterNotFound' });
    await expect(ask(() => Promise.reject(error))).rejects.toBe(error);
  });

  test.each([
    ['a refused connection', failure('ECONNREFUSED'), 'ECONNREFUSED'],
    ['one that broke off', failure('ECONNRESET'), 'ECONNRESET'],
    ['both addresses of localhost', new AggregateError([failure('ECONNREFUSED')]), 'ECONNREFUSED'],
  ])('says for %s that the local AWS has ended, and what to do', async (_, error, code) => {
    const asked = ask(() => Promise.reject(error));
    await expect(asked).rejects.toThrow(
      `http://localhost:4566: the local AWS has ended, got ${code}; run the command again, or npm run local`,
    );
    await expect(asked).rejects.toMatchObject({ cause: error });
  });
});

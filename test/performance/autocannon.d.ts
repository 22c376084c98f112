/** The part that the bench uses: the package ships no types. */
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** Seconds for an answer. */
    readonly timeout: number;
    /** Milliseconds between samples; a run ends with one. */
    readonly sampleInt: number;
  }

  interface Result {
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
  }

  interface Instance extends PromiseLike<Result> {
    on(
      event: 'response',
      take: (client: unknown, statusCode: number, bytes: number, milliseconds: number) => void,
    ): this;
  }

  function autocannon(options: Options): Instance;
  export default autocannon;
}

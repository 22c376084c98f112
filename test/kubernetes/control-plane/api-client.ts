import { Agent, request } from 'node:https';

export interface ApiClientProps {
  readonly port: number;
  /** Certificate that the server's was signed with, as PEM. */
  readonly ca: string;
  readonly token: string;
}

/** What is looked at in the API's answers. */
export interface ApiBody {
  readonly message?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly items?: readonly unknown[];
}

export interface ApiAnswer {
  readonly status: number;
  /** An object, a list or a Status. */
  readonly body: ApiBody;
  /** What the server warns of. */
  readonly warnings: readonly string[];
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Talks to an API server on the loopback. */
export class ApiClient {
  private readonly agent: Agent;

  constructor(private readonly props: ApiClientProps) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 8, ca: props.ca });
  }

  /** @param body sent as JSON, which server-side apply takes too @returns whatever the status is */
  send(method: Method, path: string, body?: unknown, type = 'application/json'): Promise<ApiAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${this.props.token}`,
      ...(text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
    };
    const { agent } = this;
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.props.port, path, method, headers, agent }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => {
          const answer = Buffer.concat(parts).toString('utf8');
          const { statusCode = 0, headers: got } = response;
          const warnings = [got.warning ?? []].flat();
          resolve({ status: statusCode, body: parse(answer), warnings });
        });
      });
      sent.setTimeout(30_000, () => sent.destroy(new Error(`${method} ${path}: no answer in 30 s`)));
      sent.once('error', reject);
      sent.end(text);
    });
  }

  /** @throws Error unless the answer is a success */
  async ask(method: Method, path: string, body?: unknown, type?: string): Promise<ApiBody> {
    const answer = await this.send(method, path, body, type);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status}: ${answer.body.message ?? JSON.stringify(answer.body)}`);
  }

  close(): void {
    this.agent.destroy();
  }
}

function parse(text: string): ApiBody {
  try {
    return JSON.parse(text) as ApiBody;
  } catch {
    return { message: text };
  }
}

import { Agent, request } from 'node:http';

export interface PlainAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into answers of every shape, and fail where the shape is wrong
  readonly body: any;
}

/**
 * One sender with connections of its own that it keeps; cheap enough for tens of thousands of requests. One that is used
 * now and then keeps none: a server closes what is idle, which may be just when the next request goes out.
 */
export interface PlainClient {
  /** Rejects where the connection is cut before the whole answer has come. */
  send(method: string, path: string, body?: unknown): Promise<PlainAnswer>;
  close(): void;
}

export function plainClient(url: string, token: string | undefined, use: 'busy' | 'nowAndThen' = 'busy'): PlainClient {
  const agent = new Agent(use === 'busy' ? { keepAlive: true, maxSockets: 1 } : {});
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    send(method, path, body) {
      const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      return new Promise((resolve, reject) => {
        const asked = request(
          `${url}${path}`,
          {
            agent,
            method,
            headers: {
              ...authorization,
              ...(bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes.length }),
            },
          },
          (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.once('error', reject);
            answer.once('end', () => {
              if (!answer.complete) {
                reject(new Error('the answer was cut off'));
                return;
              }
              const text = Buffer.concat(parts).toString();
              resolve({ status: answer.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) });
            });
          },
        );
        asked.once('error', reject);
        asked.end(bytes);
      });
    },
    close: () => agent.destroy(),
  };
}

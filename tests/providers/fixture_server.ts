/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export type Answer = Response | ((arrived: Arrived) => Response | Promise<Response>);

/** A server on a free port that gives the answers in order, the last one for ever. */
export interface FixtureServer extends AsyncDisposable {
  readonly url: string;
  readonly arrived: readonly Arrived[];
}

export function serveFixtures(...answers: readonly Answer[]): FixtureServer {
  const arrived: Arrived[] = [];
  const closing = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: closing.signal, onListen() {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const seen = { method, path: pathname + search, headers, body: await request.text() };
      const answer = answers[Math.min(arrived.push(seen), answers.length) - 1];
      if (answer === undefined) return new Response(null, { status: 500 });
      return typeof answer === "function" ? await answer(seen) : answer.clone();
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    arrived,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await server.finished;
    },
  };
}

/** Holds a request until the server ends: a provider that never answers. */
export function silence(): Promise<Response> {
  return new Promise(() => {});
}

/** An HTML page as proxies send it. */
export function htmlPage(status: number, title = "Error"): Response {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return new Response(body, { status, headers: { "content-type": "text/html" } });
}

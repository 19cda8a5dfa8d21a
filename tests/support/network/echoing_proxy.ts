import { Buffer } from "node:buffer";
import { SIMULATOR_KEY } from "../../../src/simulator/simulator.ts";

/** Stands before the simulator and tells, in whatever it answers, every secret there is. */
export interface EchoingProxy extends AsyncDisposable {
  readonly url: string;
  /** From now on every answer is that the key is refused. */
  refuse(): void;
}

/** Every fifth answer is an error that passes. */
const FAILS_EVERY = 5;

/** Fields of answers whose texts are kept or shown. */
const TOLD_IN =
  /^(publishers?|subtitle|description|message|info|binding|language|physical_format|value)$/;

/** The forms in which `secret` may come back. */
export function echoesOf(secret: string): string[] {
  const half = Math.ceil(secret.length / 2);
  return [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
    secret.slice(0, half),
    secret.slice(-half),
  ];
}

/** Forwards to `target` with the simulator's key in the place of the secrets. */
export function startEchoingProxy(
  target: string,
  { secrets }: { secrets: readonly string[] },
): EchoingProxy {
  const echo = secrets.flatMap(echoesOf).join(" ");
  let requests = 0;
  let isRefusing = false;

  async function answer(request: Request): Promise<Response> {
    if (isRefusing) return problem(401);
    if (++requests % FAILS_EVERY === 0) return problem(503);
    const { pathname, search } = new URL(request.url);
    const headers = new Headers([...request.headers].map(([name, value]) => [name, known(value)]));
    if (headers.get("authorization")?.startsWith("Basic ")) {
      headers.set("authorization", `Bearer ${SIMULATOR_KEY}`);
    }
    headers.delete("host");
    headers.delete("content-length");
    const body = request.method === "GET" ? null : await request.text();
    const response = await fetch(target + known(pathname + search), {
      method: request.method,
      headers,
      body,
    });
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "";
    return new Response(type.includes("json") ? told(text) : text, {
      status: response.status,
      headers: { "content-type": type },
    });
  }

  /** What was sent, with a key that the simulator knows. */
  function known(sent: string): string {
    return secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])
      .reduce((text, secret) => text.replaceAll(secret, SIMULATOR_KEY), sent);
  }

  function problem(status: number): Response {
    return Response.json({ error: { message: `Wrong key: ${echo}`, code: echo } }, { status });
  }

  /** Escaped, too, as some servers write what is no letter or digit. */
  function told(text: string): string {
    const json = JSON.stringify(retold(JSON.parse(text)));
    if (requests % 2 === 0) return json;
    return secrets.reduce((all, secret) => {
      const written = JSON.stringify(secret).slice(1, -1);
      return all.replaceAll(written, [...secret].map(unicodeEscape).join(""));
    }, json);
  }

  function retold(value: unknown, name = ""): unknown {
    if (Array.isArray(value)) return value.map((each) => retold(each, name));
    if (typeof value === "string") {
      if (TOLD_IN.test(name)) return `${value} ${echo}`;
      const book = JSON.stringify({ title: `A Book of ${echo}`, author: `Ann ${secrets[0]}` });
      return value.replace(/("books"\s*:\s*\[)/, `$1${book},`);
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, retold(each, key)]));
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    refuse: () => void (isRefusing = true),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

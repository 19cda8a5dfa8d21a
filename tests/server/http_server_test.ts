import { assertEquals, assertMatch } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import {
  type HttpServer,
  type HttpServerOptions,
  serveHttp,
} from "../../src/server/http_server.ts";
import { connectRaw, type RawClientOptions } from "../support/network/raw_client.ts";

const SHORT = { headMs: 200, requestMs: 400, keepAliveMs: 100, silenceMs: 600, closeMs: 300 };

async function withServer(
  body: (server: HttpServer) => Promise<void>,
  { answer = () => new Response("ok"), ...options }:
    & Partial<HttpServerOptions>
    & { answer?: (request: Request) => Response | Promise<Response> } = {},
): Promise<void> {
  const server = await serveHttp(answer, {
    hostname: "127.0.0.1",
    port: 0,
    maxConnections: 10,
    clock: systemClock,
    log: createLog(),
    ...options,
  });
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

const HEAD = "Host: x\r\n";
const POST = `POST / HTTP/1.1\r\n${HEAD}`;

const STALLING: Readonly<Record<string, RawClientOptions>> = {
  "says nothing": {},
  "never ends its head": { text: `GET / HTTP/1.1\r\n${HEAD}`, drip: "X: y\r\n" },
  "never ends its body": { text: `${POST}Content-Length: 9999\r\n\r\n`, drip: "a" },
  "sends chunks for ever": {
    text: `${POST}Transfer-Encoding: chunked\r\n\r\n`,
    drip: "1\r\na\r\n",
  },
  "keeps its connection for nothing": { text: `GET / HTTP/1.1\r\n${HEAD}\r\n` },
  "closes its side without a word": { isHalfClosed: true },
  "closes its side within a body": {
    text: `${POST}Content-Length: 9\r\n\r\na`,
    isHalfClosed: true,
  },
};

for (const [name, options] of Object.entries(STALLING)) {
  Deno.test(`serveHttp() parts with a client that ${name}`, async () => {
    await withServer(async ({ url }) => {
      await (await connectRaw(url, options)).received;
    }, {
      timeouts: SHORT,
      async answer(request) {
        await request.text().catch(() => {}); // cut off by the server, which is what is tested
        return new Response("ok");
      },
    });
  });
}

Deno.test("serveHttp() parts with a client that does not take its answer", async () => {
  const parted = Promise.withResolvers<void>();
  const endless = (): Response =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => parted.resolve(),
      }),
    );
  await withServer(async ({ url }) => {
    const { hostname, port } = new URL(url);
    const deaf = await Deno.connect({ hostname, port: Number(port) });
    await deaf.write(new TextEncoder().encode(`GET / HTTP/1.1\r\n${HEAD}\r\n`));
    await parted.promise;
    deaf.close();
  }, { timeouts: SHORT, answer: endless });
});

Deno.test("serveHttp() answers a newcomer while idle clients hold every connection", async () => {
  await withServer(async ({ url }) => {
    const idle = await Promise.all(Array.from({ length: 50 }, () => connectRaw(url)));
    for (let i = 0; i < 20; i++) assertEquals(await (await fetch(url)).text(), "ok");
    // All but as many as the server holds have been closed by it.
    const open = new Set(idle);
    for (const client of idle) void client.received.then(() => open.delete(client));
    while (open.size > 10) await systemClock.sleep(5);
    for (const { close } of idle) close();
  }, { maxConnections: 10 });
});

Deno.test("serveHttp() closes nobody's connection while it works on the answer", async () => {
  const asked = Promise.withResolvers<void>();
  const work = Promise.withResolvers<void>();
  let count = 0;
  await withServer(async ({ url }) => {
    const answers = [1, 2].map(() => fetch(url).then((response) => response.text()));
    await asked.promise;
    const refused = await connectRaw(url, { text: `GET / HTTP/1.1\r\n${HEAD}\r\n` });
    assertEquals(await refused.received, "");
    work.resolve();
    assertEquals(await Promise.all(answers), ["done", "done"]);
    assertEquals(await (await fetch(url)).text(), "done");
  }, {
    maxConnections: 2,
    async answer() {
      if (++count === 2) asked.resolve();
      await work.promise;
      return new Response("done");
    },
  });
});

Deno.test("close() lets what is under way finish, and nobody else stay or come", async () => {
  const asked = Promise.withResolvers<void>();
  const work = Promise.withResolvers<void>();
  await withServer(async (server) => {
    const { url } = server;
    const idle = await connectRaw(url);
    const slow = await connectRaw(url, { text: POST, drip: "X: y\r\n" });
    const answer = fetch(url).then((response) => response.text());
    await asked.promise;
    const closed = server.close();
    assertEquals([await idle.received, await slow.received], ["", ""]);
    const late = await Promise.allSettled(Array.from({ length: 50 }, () => connectRaw(url)));
    for (const one of late) {
      if (one.status === "fulfilled") assertEquals(await one.value.received, "");
    }
    work.resolve();
    assertEquals(await answer, "done");
    await closed;
  }, {
    async answer() {
      asked.resolve();
      await work.promise;
      return new Response("done");
    },
  });
});

Deno.test("close() does not wait for an answer for ever", async () => {
  const asked = Promise.withResolvers<void>();
  await withServer(async (server) => {
    const client = await connectRaw(server.url, { text: `GET / HTTP/1.1\r\n${HEAD}\r\n` });
    await asked.promise;
    await server.close();
    assertEquals(await client.received, "");
  }, {
    timeouts: SHORT,
    answer() {
      asked.resolve();
      return new Promise(() => {});
    },
  });
});

Deno.test("serveHttp() says what is wrong with what is no request", async () => {
  await withServer(async ({ url }) => {
    for (
      const text of [
        "GET / HTTP/1.1\r\nHost: a b/c\r\n\r\n",
        "GET http://%zz/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "nonsense\r\n\r\n",
        `GET / HTTP/1.1\r\n${HEAD}X: ${"y".repeat(100_000)}\r\n\r\n`,
      ]
    ) {
      const client = await connectRaw(url, { text });
      assertMatch(await client.received, /^HTTP\/1.1 4(00|31) /, text.slice(0, 50));
    }
    assertEquals(await (await fetch(url)).text(), "ok");
  }, { timeouts: SHORT });
});

import {
  assert,
  assertEquals,
  assertExists,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AppError } from "../../src/errors.ts";
import { createHttpClient, type HttpOptions } from "../../src/providers/http.ts";
import type { HttpEvent } from "../../src/providers/http_event.ts";
import type { HttpRequest } from "../../src/providers/http_exchange.ts";
import {
  type Answer,
  type FixtureServer,
  htmlPage,
  serveFixtures,
  silence,
} from "./fixture_server.ts";
import { type ManualClock, manualClock } from "./manual_clock.ts";

const OK = Response.json({ ok: true });

interface Bench {
  readonly server: FixtureServer;
  readonly clock: ManualClock;
  readonly events: readonly HttpEvent[];
  readonly calls: () => number;
  readonly send: (request?: Partial<HttpRequest>) => Promise<unknown>;
}

/** A client and the server it talks to; `random` is fixed so that waits can be told beforehand. */
async function withClient(
  { answers, ...options }: { readonly answers: readonly Answer[] } & Partial<HttpOptions>,
  test: (bench: Bench) => Promise<void>,
): Promise<void> {
  await using server = serveFixtures(...answers);
  const clock = manualClock();
  const events: HttpEvent[] = [];
  let calls = 0;
  const client = createHttpClient("shelf", {
    baseUrl: `${server.url}/base`,
    timeoutMs: 2000,
    maxRetries: 3,
    ratePerSecond: Infinity,
    concurrency: 4,
    clock,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const { signal } = new AbortController();
  const onCall = () => void calls++;
  await test({
    server,
    clock,
    events,
    calls: () => calls,
    send: async (request) =>
      (await client.send({ path: "/books?q=1", signal, onCall, ...request })).json,
  });
}

function failing(bench: Bench, request?: Partial<HttpRequest>): Promise<AppError> {
  return assertRejects(() => bench.send(request), AppError);
}

Deno.test("createHttpClient() sends path, headers and body below the base URL", () =>
  withClient({ answers: [OK] }, async ({ send, server, calls }) => {
    await send({ method: "POST", headers: { authorization: "key" }, body: "{}" });
    const [arrived] = server.arrived;
    assertExists(arrived);
    assertEquals([arrived.method, arrived.path, arrived.body], ["POST", "/base/books?q=1", "{}"]);
    assertEquals(arrived.headers.get("authorization"), "key");
    assertEquals(calls(), 1);
  }));

Deno.test("createHttpClient() repeats server errors with growing waits until an answer comes", () =>
  withClient({ answers: [htmlPage(500), htmlPage(503), OK] }, async (bench) => {
    assertEquals(await bench.send(), { ok: true });
    assertEquals(bench.clock.slept, [500, 1000]);
    assertEquals(bench.calls(), 3);
    assertEquals(bench.events.map((event) => event.kind), ["failed", "failed", "answered"]);
  }));

Deno.test("createHttpClient() gives up after the retries it has", () =>
  withClient({ answers: [htmlPage(502, "Bad Gateway")], maxRetries: 2 }, async (bench) => {
    const error = await failing(bench);
    assertEquals(error.code, "PROVIDER_UNAVAILABLE");
    assertStringIncludes(error.message, "shelf answered 502: Bad Gateway");
    assertEquals(error.details, { provider: "shelf", status: 502 });
    assertEquals(bench.calls(), 3);
  }));

Deno.test("createHttpClient() waits as long as Retry-After says, in seconds or as a date", () => {
  const seconds = new Response("{}", { status: 429, headers: { "retry-after": "7" } });
  const date = new Response("{}", {
    status: 503,
    headers: { "retry-after": "Sat, 21 Nov 2026 12:00:20 GMT" },
  });
  return withClient({ answers: [seconds, date, OK] }, async (bench) => {
    assertEquals(await bench.send(), { ok: true });
    assertEquals(bench.clock.slept, [7000, 13_000]);
  });
});

Deno.test("createHttpClient() turns a long Retry-After into a moment to come back, at once", () => {
  const limited = new Response("{}", { status: 429, headers: { "retry-after": "3600" } });
  return withClient({ answers: [limited, OK] }, async (bench) => {
    const error = await failing(bench);
    assertEquals(error.code, "PROVIDER_RATE_LIMITED");
    assertEquals(error.retryAt?.toISOString(), "2026-11-21T13:00:00.000Z");
    assertEquals(bench.clock.slept, []);

    const next = await failing(bench);
    assertEquals([next.code, bench.calls()], ["PROVIDER_RATE_LIMITED", 1]);
    assertEquals(next.retryAt?.toISOString(), "2026-11-21T13:00:00.000Z");

    bench.clock.advance(3_600_000);
    assertEquals(await bench.send(), { ok: true });
  });
});

Deno.test("createHttpClient() bounds the waits of one call together", () => {
  const limited = new Response("{}", { status: 429, headers: { "retry-after": "6" } });
  return withClient({ answers: [limited], maxRetries: 9, maxWaitMs: 15_000 }, async (bench) => {
    assertEquals((await failing(bench)).code, "PROVIDER_RATE_LIMITED");
    assertEquals(bench.clock.slept, [6000, 6000]);
  });
});

Deno.test("createHttpClient() makes every call wait out the pause one of them was asked for", () => {
  const limited = new Response("{}", { status: 429, headers: { "retry-after": "5" } });
  return withClient({ answers: [limited, OK], maxRetries: 0 }, async (bench) => {
    const error = await failing(bench);
    assertEquals(error.retryAt?.toISOString(), "2026-11-21T12:01:00.000Z");
    assertEquals((await failing(bench)).details["is_unsent"], true);
    assertEquals(bench.calls(), 1);
  });
});

Deno.test("createHttpClient() does not repeat what is our mistake or a refused key", async () => {
  for (
    const [status, code] of [
      [400, "PROVIDER_REJECTED_REQUEST"],
      [422, "PROVIDER_REJECTED_REQUEST"],
      [401, "PROVIDER_KEY_REFUSED"],
      [403, "PROVIDER_KEY_REFUSED"],
    ] as const
  ) {
    const refusal = Response.json({ message: "no" }, { status });
    await withClient({ answers: [refusal, OK] }, async (bench) => {
      assertEquals((await failing(bench)).code, code);
      assertEquals(bench.calls(), 1);
    });
  }
});

Deno.test("createHttpClient() sends nothing while a refused key is on hold", () =>
  withClient({ answers: [Response.json({}, { status: 401 }), OK] }, async (bench) => {
    const first = await failing(bench);
    const second = await failing(bench);
    assertEquals([first.code, second.code], ["PROVIDER_KEY_REFUSED", "PROVIDER_KEY_REFUSED"]);
    assertEquals(second.retryAt, first.retryAt);
    assertEquals(bench.calls(), 1);
    assert(bench.events.some((event) => event.kind === "breaker_opened"));
  }));

Deno.test("createHttpClient() stops asking after failures in a row and starts again by itself", () => {
  const breaker = { failureThreshold: 3, openMs: 30_000, maxOpenMs: 60_000 };
  const answers = [htmlPage(500), htmlPage(500), htmlPage(500), OK];
  return withClient({ answers, breaker, maxRetries: 9 }, async (bench) => {
    const error = await failing(bench);
    assertEquals(error.code, "PROVIDER_UNAVAILABLE");
    const until = new Date(bench.clock.now().getTime() + 30_000);
    assertEquals([error.retryAt, bench.calls()], [until, 3]);
    assertEquals((await failing(bench)).retryAt, until);
    assertEquals(bench.calls(), 3);
    bench.clock.advance(30_000);
    assertEquals(await bench.send(), { ok: true });
    assertEquals(
      bench.events.map((event) => event.kind).filter((kind) => kind.startsWith("breaker")),
      ["breaker_opened", "breaker_closed"],
    );
  });
});

Deno.test("createHttpClient() asks once more with GET when an answer broke on its way", async () => {
  for (const broken of [new Response('{"docs":['), htmlPage(200), new Response("")]) {
    await withClient({ answers: [broken, OK] }, async (bench) => {
      assertEquals(await bench.send(), { ok: true });
      assertEquals(bench.calls(), 2);
    });
    await withClient({ answers: [broken] }, async (bench) => {
      assertEquals((await failing(bench)).code, "PROVIDER_BAD_ANSWER");
      assertEquals(bench.calls(), 2);
    });
    await withClient({ answers: [broken, OK] }, async (bench) => {
      assertEquals((await failing(bench, { method: "POST" })).code, "PROVIDER_BAD_ANSWER");
      assertEquals(bench.calls(), 1);
    });
  }
});

Deno.test("createHttpClient() ends an attempt that takes too long, and repeats only GET", async () => {
  const quick = { timeoutMs: 30, maxRetries: 1 };
  await withClient({ answers: [silence, OK], ...quick }, async (bench) => {
    assertEquals(await bench.send(), { ok: true });
  });
  await withClient({ answers: [silence, OK], ...quick }, async (bench) => {
    const error = await failing(bench, { method: "POST" });
    assertEquals([error.code, bench.calls()], ["PROVIDER_TIMEOUT", 1]);
    assertStringIncludes(error.message, "30 ms");
  });
});

Deno.test("createHttpClient() counts a body that stops half-way as a timeout too", () => {
  const stalling = () =>
    new Response(
      new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('{"docs":')) }),
    );
  return withClient({ answers: [stalling], timeoutMs: 50, maxRetries: 0 }, async (bench) => {
    assertEquals((await failing(bench)).code, "PROVIDER_TIMEOUT");
  });
});

Deno.test("createHttpClient() says when a provider can't be reached, and tries POST again", async () => {
  const clock = manualClock();
  let calls = 0;
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr as Deno.NetAddr;
  closed.close();
  const client = createHttpClient("shelf", {
    baseUrl: `http://127.0.0.1:${port}`,
    timeoutMs: 2000,
    maxRetries: 2,
    ratePerSecond: Infinity,
    concurrency: 1,
    clock,
  });
  const request = { path: "/", signal: new AbortController().signal, onCall: () => void calls++ };
  const error = await assertRejects(() => client.send({ ...request, method: "POST" }), AppError);
  assertEquals([error.code, calls], ["PROVIDER_UNAVAILABLE", 3]);
  assertStringIncludes(error.message, "can't be reached");
});

Deno.test("createHttpClient() does not repeat a POST whose connection broke after it was sent", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const baseUrl = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
  const served = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4096));
      connection.close();
    }
  })();
  await withClient({ answers: [OK], baseUrl, maxRetries: 1 }, async (bench) => {
    const error = await failing(bench, { method: "POST", body: "{}" });
    assertEquals([error.code, bench.calls()], ["PROVIDER_UNAVAILABLE", 1]);
    assertStringIncludes(error.message, "broke before the answer was complete");
    await failing(bench);
    assertEquals(bench.calls(), 3);
  });
  listener.close();
  await served;
});

Deno.test("createHttpClient() rejects with the caller's reason when aborted, on the way or waiting", async () => {
  const reason = new Error("the job was cancelled");
  await withClient({ answers: [silence] }, async ({ send }) => {
    const controller = new AbortController();
    const sent = send({ signal: controller.signal, onCall: () => controller.abort(reason) });
    assertEquals(await assertRejects(() => sent), reason);
  });
  await withClient({ answers: [silence], concurrency: 1 }, async ({ send }) => {
    const first = new AbortController();
    const second = new AbortController();
    const running = assertRejects(() => send({ signal: first.signal }));
    const queued = assertRejects(() => send({ signal: second.signal }));
    second.abort(reason);
    assertEquals(await queued, reason);
    first.abort(reason);
    assertEquals(await running, reason);
  });
  await withClient({ answers: [OK] }, async ({ send, calls }) => {
    assertEquals(await assertRejects(() => send({ signal: AbortSignal.abort(reason) })), reason);
    assertEquals(calls(), 0);
  });
});

Deno.test("createHttpClient() has no more requests under way than its concurrency", async () => {
  const underWay: ((response: Response) => void)[] = [];
  const held: typeof fetch = () => new Promise((resolve) => underWay.push(resolve));
  await withClient({ answers: [OK], concurrency: 2, fetch: held }, async ({ send }) => {
    const sent = Array.from({ length: 5 }, () => send());
    for (const expected of [2, 2, 1]) {
      // All that may start has started when the event loop has come round once.
      await new Promise((resolve) => setTimeout(resolve, 0));
      assertEquals(underWay.length, expected);
      for (const answer of underWay.splice(0)) answer(OK.clone());
    }
    await Promise.all(sent);
  });
});

Deno.test("createHttpClient() keeps to the rate, retries included", () =>
  withClient({ answers: [htmlPage(500), OK], ratePerSecond: 1, random: () => 0 }, async (bench) => {
    await bench.send();
    await bench.send();
    assertEquals(bench.clock.slept.filter((ms) => ms > 0), [1000, 1000]);
  }));

Deno.test("createHttpClient() refuses a body beyond its bound without reading it all", () => {
  const endless = () =>
    new Response(new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(64_000)) }));
  return withClient({ answers: [endless], maxBodyBytes: 200_000 }, async (bench) => {
    const error = await failing(bench);
    assertEquals([error.code, bench.calls()], ["PROVIDER_BAD_ANSWER", 1]);
    assertStringIncludes(error.message, "more than 200000 bytes");
  });
});

Deno.test("createHttpClient() follows redirects on the same host and counts each request", () => {
  const moved = new Response(null, { status: 302, headers: { location: "/books/OL1M.json" } });
  return withClient({ answers: [moved, OK] }, async (bench) => {
    assertEquals(await bench.send({ headers: { authorization: "key" } }), { ok: true });
    assertEquals(bench.server.arrived.map((each) => each.path), [
      "/base/books?q=1",
      "/books/OL1M.json",
    ]);
    assertEquals(bench.server.arrived[1]?.headers.get("authorization"), "key");
    assertEquals(bench.calls(), 2);
  });
});

Deno.test("createHttpClient() never carries a request to another host, round in circles or from POST", async () => {
  const redirect = (status: number, location: string) =>
    new Response(null, { status, headers: { location } });
  const cases: readonly [Response, Partial<HttpRequest>, number][] = [
    [redirect(302, "http://localhost:1/steal"), {}, 1],
    [redirect(302, "ftp://127.0.0.1/file"), {}, 1],
    [redirect(302, "http://"), {}, 1],
    [redirect(302, "/base/books?q=1"), {}, 4],
    [redirect(303, "/elsewhere"), { method: "POST" }, 1],
  ];
  for (const [answer, request, expectedCalls] of cases) {
    await withClient({ answers: [answer] }, async (bench) => {
      const error = await failing(bench, request);
      assertEquals([error.code, bench.calls()], ["PROVIDER_BAD_ANSWER", expectedCalls]);
    });
  }
});

Deno.test("createHttpClient() reads text cut between the bytes of a letter", () => {
  const bytes = new TextEncoder().encode('{"title":"Ångström"}');
  const answer = () =>
    new Response(
      new ReadableStream({
        start(body) {
          for (const byte of bytes) body.enqueue(Uint8Array.of(byte));
          body.close();
        },
      }),
    );
  return withClient({ answers: [answer] }, async ({ send }) => {
    assertEquals(await send(), { title: "Ångström" });
  });
});

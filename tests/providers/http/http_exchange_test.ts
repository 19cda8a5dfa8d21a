import {
  assert,
  assertEquals,
  assertExists,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AppError } from "../../../src/errors.ts";
import { createHttpClient } from "../../../src/providers/http/http.ts";
import type { HttpRequest } from "../../../src/providers/http/http_exchange.ts";
import { htmlPage, serveFixtures, silence } from "../fixture_server.ts";
import { failing, OK, withClient } from "../http_harness.ts";
import { manualClock } from "../manual_clock.ts";

Deno.test("createHttpClient() sends path, headers and body below the base URL", () =>
  withClient({ answers: [OK] }, async ({ send, server, calls }) => {
    await send({ method: "POST", headers: { authorization: "key" }, body: "{}" });
    const [arrived] = server.arrived;
    assertExists(arrived);
    assertEquals([arrived.method, arrived.path, arrived.body], ["POST", "/base/books?q=1", "{}"]);
    assertEquals(arrived.headers.get("authorization"), "key");
    assertEquals(calls(), 1);
  }));

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
  // Long enough for the second answer to come on a busy machine.
  await withClient({ answers: [silence, OK], timeoutMs: 1000, maxRetries: 1 }, async (bench) => {
    assertEquals(await bench.send(), { ok: true });
  });
  await withClient({ answers: [silence, OK], timeoutMs: 30, maxRetries: 1 }, async (bench) => {
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

Deno.test("createHttpClient() names what keeps it from a provider, without the key in the address", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr as Deno.NetAddr;
  closed.close();
  await using plain = serveFixtures(OK);
  const resetting = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    for await (const connection of resetting) {
      await connection.read(new Uint8Array(4096));
      connection.close();
    }
  })();
  const places: readonly [baseUrl: string, named: RegExp][] = [
    [`http://127.0.0.1:${port}`, /can't be reached: .*refused/i],
    ["http://nowhere.invalid", /can't be reached: dns error/],
    [plain.url.replace("http:", "https:"), /can't be reached: .*(tls|corrupt|InvalidContentType)/i],
    [
      `http://127.0.0.1:${(resetting.addr as Deno.NetAddr).port}`,
      /broke before the answer was complete: connection closed/,
    ],
  ];
  for (const [baseUrl, named] of places) {
    await withClient({ answers: [OK], baseUrl, maxRetries: 0 }, async (bench) => {
      const { message } = await failing(bench, { path: "/books?key=not-to-be-told" });
      assertMatch(message, named);
      assert(!message.includes("not-to-be-told"), message);
      const [event] = bench.events;
      assert(event?.kind === "failed");
      assertEquals(event.message, message);
    });
  }
  resetting.close();
  await served;
});

Deno.test("createHttpClient() reads a body by the charset it is sent in", async () => {
  const latin1 = Uint8Array.from('{"author":"Zoë"}', (letter) => letter.charCodeAt(0));
  const utf8 = new TextEncoder().encode('{"author":"Zoë"}');
  const utf16 = new Uint8Array(
    new Uint16Array([..."\ufeff" + '{"author":"Zoë"}'].map((letter) => letter.charCodeAt(0)))
      .buffer,
  );
  const bodies: readonly [type: string, body: Uint8Array<ArrayBuffer>][] = [
    ["application/json; charset=ISO-8859-1", latin1],
    ['application/json;charset="windows-1252"', latin1],
    ["application/json; charset=latin1", utf8],
    ["application/json; charset=utf-16le", utf16],
    ["application/json; charset=no-such-charset", utf8],
    ["application/json", utf8],
  ];
  for (const [type, body] of bodies) {
    const answers = [new Response(body, { headers: { "content-type": type } })];
    await withClient({ answers }, async (bench) => {
      assertEquals(await bench.send(), { author: "Zoë" }, type);
    });
  }
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
    [redirect(302, "http://127.0.0.1:1/steal"), {}, 1],
    [redirect(302, "https://127.0.0.1/steal"), {}, 1],
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

Deno.test("createHttpClient() leaves out of JSON what no database can store", async () => {
  const table: readonly [string, unknown][] = [
    ['{"title":"Salt\\u0000 Ledger"}', { title: "Salt Ledger" }],
    ['{"title":"half \\ud83d"}', { title: "half \ufffd" }],
    ['{"title":"\\uDE00 other half"}', { title: "\ufffd other half" }],
    ['{"title":"whole \\ud83d\\ude00"}', { title: "whole \u{1f600}" }],
    ['{"title":"no escape: \\\\u0000"}', { title: "no escape: \\u0000" }],
    ['["\\u0000",{"a":["\\u0000b"]}]', ["", { a: ["b"] }]],
  ];
  for (const [body, expected] of table) {
    await withClient({ answers: [new Response(body)] }, async ({ send }) => {
      assertEquals(await send(), expected, body);
    });
  }
});

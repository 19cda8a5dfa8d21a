import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { htmlPage } from "../fixture_server.ts";
import { failing, OK, withClient } from "../http_harness.ts";

Deno.test("createHttpClient() repeats server errors with growing waits until an answer comes", () =>
  withClient({ answers: [htmlPage(500), htmlPage(503), OK] }, async (bench) => {
    assertEquals(await bench.send(), { ok: true });
    assertEquals(bench.clock.slept, [500, 1000]);
    assertEquals(bench.calls(), 3);
    assertEquals(bench.events.map((event) => event.kind), ["failed", "failed", "answered"]);
  }));

Deno.test("createHttpClient() lets no wait grow beyond the cap", () => {
  const answers = [...Array.from({ length: 5 }, () => htmlPage(503)), OK];
  const options = { answers, maxRetries: 5, backoffBaseMs: 500, backoffCapMs: 2000 };
  const breaker = { failureThreshold: 9, openMs: 1000, maxOpenMs: 1000 };
  return withClient({ ...options, breaker }, async (bench) => {
    assertEquals(await bench.send(), { ok: true });
    assertEquals(bench.clock.slept, [250, 500, 1000, 1000, 1000]);
  });
});

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
  // By the clock of the sender, which is not ours.
  const date = new Response("{}", {
    status: 503,
    headers: {
      "retry-after": "Sat, 21 Nov 2026 09:30:20 GMT",
      date: "Sat, 21 Nov 2026 09:30:07 GMT",
    },
  });
  return withClient({ answers: [seconds, date, OK] }, async (bench) => {
    assertEquals(await bench.send(), { ok: true });
    assertEquals(bench.clock.slept, [7000, 13_000]);
  });
});

Deno.test("createHttpClient() keeps its own wait where Retry-After asks for less or none", async () => {
  const little = ["0", "-1", "1", "0.001", "Sat, 21 Nov 2026 09:30:06 GMT", "soon", "1.2.3"];
  for (const retryAfter of little) {
    const headers = { "retry-after": retryAfter, date: "Sat, 21 Nov 2026 09:30:07 GMT" };
    const limited = new Response("{}", { status: 429, headers });
    const answers = [limited, limited, limited, OK];
    await withClient({ answers, maxRetries: 3, backoffBaseMs: 4000 }, async (bench) => {
      assertEquals(await bench.send(), { ok: true });
      assertEquals(bench.clock.slept, [2000, 4000, 8000], retryAfter);
    });
  }
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
    const held = await failing(bench);
    assertStringIncludes(held.message, "not asked again before 2026-11-21T12:01:00.000Z");
    assertEquals(bench.calls(), 1);
    assertEquals(bench.events.map((event) => event.kind), ["failed", "breaker_opened"]);
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

Deno.test("createHttpClient() answers all who ask at the moment a provider is tried again", () => {
  const breaker = { failureThreshold: 1, openMs: 30_000, maxOpenMs: 60_000 };
  return withClient({ answers: [htmlPage(500), OK], breaker, maxRetries: 0 }, async (bench) => {
    await failing(bench);
    bench.clock.advance(30_000);
    const answers = await Promise.all(Array.from({ length: 5 }, () => bench.send()));
    assertEquals(answers, Array(5).fill({ ok: true }));
  });
});

Deno.test("createHttpClient() tries a provider once for all who ask while it is still down", () => {
  const breaker = { failureThreshold: 1, openMs: 30_000, maxOpenMs: 60_000 };
  return withClient({ answers: [htmlPage(500)], breaker, maxRetries: 0 }, async (bench) => {
    await failing(bench);
    bench.clock.advance(30_000);
    const errors = await Promise.all(Array.from({ length: 5 }, () => failing(bench)));
    const until = new Date(bench.clock.now().getTime() + 60_000);
    assertEquals(errors.map(({ retryAt }) => retryAt), Array(5).fill(until));
    assertEquals(bench.calls(), 2);
  });
});

Deno.test("createHttpClient() takes a provider that keeps sending pages for one that is down", () => {
  const breaker = { failureThreshold: 4, openMs: 30_000, maxOpenMs: 60_000 };
  return withClient({ answers: [htmlPage(200)], breaker }, async (bench) => {
    assertEquals((await failing(bench)).code, "PROVIDER_BAD_ANSWER");
    const last = await failing(bench);
    const until = new Date(bench.clock.now().getTime() + 30_000);
    assertEquals([last.code, last.retryAt], ["PROVIDER_BAD_ANSWER", until]);
    const held = await failing(bench);
    assertEquals([held.code, held.retryAt], ["PROVIDER_UNAVAILABLE", until]);
    assertEquals(bench.calls(), 4);
    const opened = bench.events.find((event) => event.kind === "breaker_opened");
    assertEquals(opened?.code, "PROVIDER_BAD_ANSWER");
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

Deno.test("createHttpClient() keeps back what waited for its turn when the key was refused", () => {
  const turn = Promise.withResolvers<null>();
  let entered = 0;
  const gate = { enter: () => entered++ === 0 ? Promise.resolve(null) : turn.promise };
  return withClient({ answers: [new Response("{}", { status: 401 })], gate }, async (bench) => {
    const sent = [1, 2, 3, 4].map(() => failing(bench));
    await sent[0];
    turn.resolve(null);
    const codes = (await Promise.all(sent)).map(({ code }) => code);
    assertEquals(codes, Array(4).fill("PROVIDER_KEY_REFUSED"));
    assertEquals(bench.calls(), 1);
  });
});

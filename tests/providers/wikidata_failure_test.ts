import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { UnavailableReason } from "../../src/domain/resolver.ts";
import { type Answer, htmlPage } from "./fixture_server.ts";
import { answering, hits } from "./resolvers/wikidata_fixtures.ts";

const says = (code: string, headers = {}) =>
  Response.json({ error: { code, info: `about ${code}` } }, { headers });

const JAVA =
  "SPARQL-QUERY: queryStr=SELECT ...\njava.util.concurrent.TimeoutException\n\tat java.util";

const tooMany = (headers = {}) =>
  new Response("<html><h1>Too many requests</h1></html>", { status: 429, headers });

const BAN_END = "2026-11-22T12:00:00.000Z";

Deno.test("createWikidata() turns every failure into a reason and, if known, a moment", async () => {
  const table: readonly [Answer, UnavailableReason, string | null, number][] = [
    [htmlPage(403), "rejected_request", BAN_END, 1],
    [tooMany({ "retry-after": "3600" }), "rate_limited", "2026-11-21T13:00:00.000Z", 1],
    [tooMany(), "rate_limited", "2026-11-21T12:01:10.000Z", 2],
    [new Response(JAVA, { status: 500 }), "timeout", null, 1],
    [new Response("java.lang.OutOfMemoryError", { status: 500 }), "down", null, 1],
    [htmlPage(502), "down", null, 2],
    [htmlPage(503), "down", null, 2],
    [htmlPage(400), "rejected_request", null, 1],
    [htmlPage(404), "bad_answer", null, 1],
    [htmlPage(200), "bad_answer", null, 2],
    [new Response('{"query":{"search":[{'), "bad_answer", null, 2],
    [new Response(`{"results":{"bindings":[]\n${JAVA}`), "bad_answer", null, 2],
    [Response.json({ batchcomplete: "" }), "bad_answer", null, 1],
    [says("maxlag", { "retry-after": "5" }), "down", null, 2],
    [says("readonly"), "down", null, 2],
    [says("internal_api_error_DBQueryError"), "down", null, 2],
    [says("cirrussearch-backend-error"), "down", null, 2],
    [says("ratelimited"), "rate_limited", "2026-11-21T12:01:10.000Z", 2],
    [says("badvalue"), "rejected_request", null, 1],
    [says("toomanyvalues"), "rejected_request", null, 1],
  ];
  for (const [answer, reason, until, calls] of table) {
    await answering([answer], async ({ find, resolver, context, calls: counted }) => {
      const said = await find();
      assert(said.kind === "unavailable", JSON.stringify(said));
      assertEquals([said.reason, said.until?.toISOString() ?? null], [reason, until], said.message);
      assertEquals(counted.length, calls, said.message);
      const checked = await resolver.findByIsbns(["9781402894626"], context);
      assertEquals(checked.kind === "unavailable" && checked.reason, reason, "of a query");
    });
  }
});

Deno.test("createWikidata() waits as long as it is told to, ten seconds when it is not told", async () => {
  const table: readonly [Answer, number][] = [
    [tooMany({ "retry-after": "17" }), 17_000],
    [tooMany(), 10_000],
    [says("maxlag", { "retry-after": "7" }), 7_000],
    [says("maxlag"), 5_000],
  ];
  for (const [answer, waitMs] of table) {
    await answering([answer, hits()], async ({ find, clock, calls }) => {
      assertEquals(await find(), { kind: "not_found" });
      assertEquals([clock.slept[0], calls.length], [waitMs, 2]);
    });
  }
});

Deno.test("createWikidata() sends nothing for as long as it was asked to keep away", () =>
  answering([tooMany({ "retry-after": "3600" }), hits()], async (bench) => {
    for (let i = 0; i < 3; i++) assertEquals((await bench.find()).kind, "unavailable");
    assertEquals(bench.calls.length, 1);
    bench.clock.advance(3_600_000);
    assertEquals(await bench.find(), { kind: "not_found" });
  }));

Deno.test("createWikidata() stays away for a day once it is banned", () =>
  answering([htmlPage(403), hits()], async (bench) => {
    await bench.find();
    bench.clock.advance(23 * 3_600_000);
    const said = await bench.find();
    assert(said.kind === "unavailable");
    assertStringIncludes(said.message, BAN_END);
    assertEquals(bench.calls.length, 1);
    bench.clock.advance(3_600_000);
    assertEquals(await bench.find(), { kind: "not_found" });
  }));

Deno.test("createWikidata() does not take a failed later request for nothing found", () =>
  answering([hits("Q1"), htmlPage(500)], async ({ find }) => {
    assertEquals((await find()).kind, "unavailable");
  }));

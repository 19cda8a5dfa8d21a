import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { UnavailableReason } from "../../../src/domain/matching/resolver.ts";
import { AppError, type ErrorCode } from "../../../src/errors.ts";
import { createWikidataRequests } from "../../../src/providers/wikidata/wikidata_requests.ts";
import { type Answer, htmlPage, serveFixtures } from "../fixture_server.ts";
import { manualClock } from "../manual_clock.ts";
import { answering, hits } from "../resolvers/wikidata/wikidata_fixtures.ts";

const says = (code: string, headers = {}) =>
  Response.json({ error: { code, info: `about ${code}` } }, { headers });

const JAVA =
  "SPARQL-QUERY: queryStr=SELECT ...\njava.util.concurrent.TimeoutException\n\tat java.util";

/** An error of QLever, which tells why in `exception`. */
const qleverSays = (status: number, exception: string) =>
  Response.json({ query: "SELECT ...", status: "ERROR", resultsize: 0, exception }, { status });

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
    [new Response(`{"results":{"bindings":[]\n${JAVA}`), "timeout", null, 1],
    [Response.json({ batchcomplete: "" }), "bad_answer", null, 1],
    [qleverSays(400, "Invalid SPARQL query: Prefix wdt was not …"), "rejected_request", null, 1],
    [qleverSays(429, "Operation timed out."), "timeout", null, 1],
    [qleverSays(500, "Tried to allocate 3 GB, but only 2 GB were available."), "down", null, 1],
    [says("maxlag", { "retry-after": "5" }), "down", null, 2],
    [says("readonly"), "down", null, 2],
    [says("internal_api_error_DBQueryError"), "down", null, 2],
    [says("cirrussearch-backend-error"), "down", null, 2],
    [says("ratelimited"), "rate_limited", "2026-11-21T12:01:10.000Z", 2],
    [says("badvalue"), "rejected_request", null, 1],
    [says("toomanyvalues"), "rejected_request", null, 1],
  ];
  for (const [answer, reason, until, calls] of table) {
    await answering([answer], async ({ find, calls: counted }) => {
      const said = await find();
      assert(said.kind === "unavailable", JSON.stringify(said));
      assertEquals([said.reason, said.until?.toISOString() ?? null], [reason, until], said.message);
      assertEquals(counted.length, calls, said.message);
    });
  }
});

/** Half an answer of the query service, as it is sent before the service gives up. */
const HALF =
  '{"head":{"vars":["item"]},"results":{"bindings":[{"item":{"type":"uri","value":"http://';

const QLEVER_BREAKS_OFF = "\n !!!!>># An error has occurred while exporting the query result. " +
  "Unfortunately due to limitations in the HTTP 1.1 protocol, there is no better way to report this " +
  "than to append it to the incomplete result. The error message was:\n";

const DEADLINE = "SPARQL-QUERY: queryStr=SELECT ...\njava.util.concurrent.ExecutionException: " +
  "org.openrdf.query.QueryInterruptedException: Query deadline is expired.\n\tat com.bigdata.x";

Deno.test("createWikidataRequests() tells what broke off the rows of a query", async () => {
  const memory =
    "java.lang.OutOfMemoryError: GC overhead limit exceeded\n\tat com.bigdata.x(Y.java:3)";
  const table: readonly [string, ErrorCode, number][] = [
    [HALF + JAVA, "PROVIDER_TIMEOUT", 1],
    [`{"head":{},"results":{"bindings":[]}}\n${JAVA}`, "PROVIDER_TIMEOUT", 1],
    [HALF + DEADLINE, "PROVIDER_TIMEOUT", 1],
    [`${HALF}${QLEVER_BREAKS_OFF}Operation timed out.`, "PROVIDER_TIMEOUT", 1],
    [`${HALF}${QLEVER_BREAKS_OFF}Tried to allocate 3 GB`, "PROVIDER_UNAVAILABLE", 1],
    [HALF + memory, "PROVIDER_UNAVAILABLE", 1],
    // Cut on its way, not by the service: worth asking again.
    [HALF, "PROVIDER_BAD_ANSWER", 2],
    [
      `${HALF}www.wikidata.org/entity/Q1"},"label":{"value":"Deadline at java`,
      "PROVIDER_BAD_ANSWER",
      2,
    ],
  ];
  for (const [body, code, calls] of table) {
    const headers = { "content-type": "application/sparql-results+json;charset=utf-8" };
    await using server = serveFixtures(new Response(body, { headers }));
    const requests = createWikidataRequests({
      contact: "ops@example.org",
      apiUrl: server.url,
      sparqlUrl: server.url,
      timeoutMs: 5_000,
      maxRetries: 2,
      ratePerSecond: Infinity,
      concurrency: 1,
      clock: manualClock(),
    });
    const context = { signal: new AbortController().signal, onCall() {} };
    const error = await assertRejects(() => requests.select("SELECT ...", context), AppError);
    assertEquals([error.code, server.arrived.length], [code, calls], error.message);
  }
});

Deno.test("createWikidata() waits as long as it is told to, ten seconds when it is not told", async () => {
  const table: readonly [Answer, number][] = [
    [tooMany({ "retry-after": "17" }), 17_000],
    [tooMany(), 10_000],
    [says("readonly", { "retry-after": "7" }), 7_000],
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

import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import type { UnavailableReason } from "../../../../src/domain/matching/resolver.ts";
import { createIsbndb } from "../../../../src/providers/resolvers/isbndb/isbndb.ts";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import { type Answer, htmlPage, silence } from "../../fixture_server.ts";
import { type MakeResolver, withFixtures, withSimulatedCatalogues } from "../resolver_harness.ts";

const KEY = "secret-of-the-plan";
const make: MakeResolver = (http) => createIsbndb({ ...http, apiKey: KEY });
const simulated: MakeResolver = (http) => createIsbndb({ ...http, apiKey: SIMULATOR_KEY });

const says = (status: number, message: string, headers = {}) =>
  Response.json({ message }, { status, headers });

const MIDNIGHT = "2026-11-22T00:00:00.000Z";

Deno.test("createIsbndb() turns every failure into a reason and, if known, a moment", async () => {
  const unauthorized = says(401, "Full authentication is required to access this resource");
  const table: readonly [Answer, UnavailableReason, string | null, number][] = [
    [unauthorized, "key_refused", "2026-11-21T13:00:00.000Z", 1],
    [says(403, "Forbidden"), "quota_spent", MIDNIGHT, 1],
    [new Response("Forbidden", { status: 403 }), "quota_spent", MIDNIGHT, 1],
    [says(429, "Daily quota exceeded"), "quota_spent", MIDNIGHT, 1],
    [says(429, "You used all requests per day"), "quota_spent", MIDNIGHT, 1],
    [says(413, "Too large"), "rejected_request", null, 1],
    [says(414, "Too long"), "rejected_request", null, 1],
    [says(415, "Type"), "rejected_request", null, 1],
    [says(400, "Bad request"), "rejected_request", null, 1],
    [says(500, "Internal"), "down", null, 2],
    [htmlPage(504), "down", null, 2],
    [htmlPage(200), "bad_answer", null, 2],
    [new Response('{"data":[{"ti'), "bad_answer", null, 2],
    [Response.json({ book: {} }), "bad_answer", null, 1],
    [Response.json({ data: null, books: "x" }), "bad_answer", null, 1],
    [htmlPage(404), "bad_answer", null, 1],
  ];
  for (const [answer, reason, until, calls] of table) {
    await withFixtures({ make, answers: [answer] }, async (bench) => {
      const said = await bench.find();
      assert(said.kind === "unavailable", JSON.stringify(said));
      assertEquals([said.reason, said.until?.toISOString() ?? null], [reason, until], said.message);
      assertEquals(bench.calls.length, calls, said.message);
      assertFalse(said.message.includes(KEY), "the key is a secret");
    });
  }
});

Deno.test("createIsbndb() takes a refusal just after midnight for one of the day before", () =>
  withFixtures({ make, answers: [says(429, "Daily quota exceeded")] }, async (bench) => {
    bench.clock.advance(12 * 3_600_000 + 4_000);
    const said = await bench.find();
    assert(said.kind === "unavailable");
    assertEquals([said.reason, said.until?.toISOString()], ["quota_spent", MIDNIGHT]);
  }));

Deno.test("createIsbndb() waits out the short limit, at least a second, and goes on", async () => {
  const nothing = says(404, "Not Found");
  const limited: readonly [Answer, number][] = [
    [says(429, "Limit Exceeded"), 1000],
    [says(429, "Too many requests per minute", { "retry-after": "20" }), 20_000],
  ];
  for (const [answer, waitMs] of limited) {
    await withFixtures({ make, answers: [answer, nothing] }, async ({ find, clock, calls }) => {
      assertEquals(await find(), { kind: "not_found" });
      assertEquals([clock.slept[0], calls.length], [waitMs, 2]);
    });
  }
});

Deno.test("createIsbndb() comes back in a minute when the short limit does not end", () =>
  withFixtures({ make, answers: [says(429, "Limit Exceeded")] }, async ({ find, clock }) => {
    const said = await find();
    assert(said.kind === "unavailable" && said.reason === "rate_limited");
    assertEquals(said.until, new Date(clock.now().getTime() + 60_000));
  }));

Deno.test("createIsbndb() sends nothing more until midnight once the day's quota is spent", () =>
  withFixtures({ make, answers: [says(429, "Daily quota exceeded")] }, async (bench) => {
    for (let i = 0; i < 3; i++) await bench.find();
    assertEquals(bench.calls.length, 1);
    bench.clock.advance(12 * 3_600_000);
    await bench.find();
    assertEquals(bench.calls.length, 2);
  }));

Deno.test("createIsbndb() does not take a failed second request for nothing found", () =>
  withFixtures({ make, answers: [says(404, "Not Found"), says(500, "x")] }, async ({ find }) => {
    assertEquals((await find({ title: "Saltbush" })).kind, "unavailable");
  }));

Deno.test("createIsbndb() says that a provider took too long", () => {
  const hasty: MakeResolver = (http) =>
    createIsbndb({ ...http, timeoutMs: 30, maxRetries: 0, apiKey: KEY });
  return withFixtures({ make: hasty, answers: [silence] }, async ({ find }) => {
    const said = await find();
    assert(said.kind === "unavailable");
    assertEquals(said.reason, "timeout");
    assertStringIncludes(said.message, "30 ms");
  });
});

Deno.test("createIsbndb() is refused by the simulator with a wrong key", () =>
  withSimulatedCatalogues({ service: "isbndb", make }, async ({ find, calls }) => {
    const said = await find();
    assert(said.kind === "unavailable");
    assertEquals([said.reason, calls.length], ["key_refused", 1]);
  }));

Deno.test("createIsbndb() survives every fault the simulator plays", () =>
  withSimulatedCatalogues(
    { service: "isbndb", make: simulated },
    async ({ simulator, find, clock }) => {
      const book = { title: "Gone Girl", author: "Gillian Flynn", year: 2012 };
      simulator.faults.add({ service: "isbndb", kind: "503", times: 1 });
      assertEquals((await find(book)).kind, "candidates");
      for (const kind of ["429", "quota", "403", "500", "503", "broken_json", "html"] as const) {
        simulator.faults.clear();
        simulator.faults.add({ service: "isbndb", kind });
        assertEquals((await find(book)).kind, "unavailable", kind);
        clock.advance(86_400_000);
      }
      simulator.faults.clear();
      assertEquals((await find(book)).kind, "candidates");
    },
  ));

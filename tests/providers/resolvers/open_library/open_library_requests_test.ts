import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { UnavailableReason } from "../../../../src/domain/matching/resolver.ts";
import { createOpenLibrary } from "../../../../src/providers/resolvers/open_library/open_library.ts";
import { type Answer, htmlPage } from "../../fixture_server.ts";
import {
  type MakeResolver,
  withFixtures,
  withSimulatedCatalogues,
  worksOf,
} from "../resolver_harness.ts";

const make: MakeResolver = (http) => createOpenLibrary({ ...http, contact: "ops@example.org" });
const anonymous: MakeResolver = (http) => createOpenLibrary({ ...http, contact: null });

const EMPTY = Response.json({ docs: [] });

Deno.test("createOpenLibrary() is let in by the simulator with a contact and without a name", async () => {
  for (const each of [make, anonymous]) {
    await withSimulatedCatalogues({ service: "open_library", make: each }, async ({ find }) => {
      const answer = await find({ title: "Gone Girl", author: "Gillian Flynn", year: 2012 });
      assert(worksOf(answer).length > 0);
    });
  }
});

Deno.test("createOpenLibrary() is never without an answer for a provider's fault", async () => {
  const tooMany = Response.json({ status: 429, message: "Too Many Requests." }, { status: 429 });
  const invalid = Response.json({ detail: [{ msg: "Query too short" }] }, { status: 422 });
  const table: readonly [Answer, UnavailableReason, number][] = [
    [htmlPage(403, "Forbidden"), "rejected_request", 1],
    [invalid, "rejected_request", 1],
    [tooMany, "rate_limited", 2],
    [htmlPage(500), "down", 2],
    [htmlPage(502), "down", 2],
    [htmlPage(503), "down", 2],
    [htmlPage(200), "bad_answer", 2],
    [new Response('{"docs":[{'), "bad_answer", 2],
    [Response.json({ error: "solr" }), "down", 2],
    [Response.json({ docs: {} }), "bad_answer", 1],
    [Response.json({ error: "notfound" }, { status: 404 }), "bad_answer", 1],
  ];
  for (const [answer, reason, calls] of table) {
    await withFixtures({ make, answers: [answer] }, async (bench) => {
      const said = await bench.find();
      assert(said.kind === "unavailable", JSON.stringify(said));
      assertEquals([said.reason, bench.calls.length], [reason, calls], said.message);
      assertStringIncludes(said.message, "open_library");
    });
  }
});

Deno.test("createOpenLibrary() waits ten seconds at least after too many requests", () => {
  const tooMany = new Response("{}", { status: 429 });
  return withFixtures({ make, answers: [tooMany, EMPTY] }, async ({ find, clock }) => {
    assertEquals(await find(), { kind: "not_found" });
    assertEquals(clock.slept, [10_000]);
  });
});

Deno.test("createOpenLibrary() says how to get in again when it is turned away, and stays away", () =>
  withFixtures({ make, answers: [htmlPage(403)] }, async ({ find, calls }) => {
    const said = await find();
    assert(said.kind === "unavailable");
    assertMatch(said.message, /name a contact/);
    assertEquals(said.until?.toISOString(), "2026-11-21T13:00:00.000Z");
    await find();
    assertEquals(calls.length, 1);
  }));

Deno.test("createOpenLibrary() does not take a failed second question for nothing found", () =>
  withFixtures({ make, answers: [EMPTY, htmlPage(500)] }, async ({ find }) => {
    const said = await find();
    assertEquals(said.kind, "unavailable");
  }));

Deno.test("createOpenLibrary() takes a work without editions of its own as it is", () => {
  const merged = {
    key: "/works/OL1W",
    title: "The Salt Ledger",
    author_name: ["Mara Quill"],
    edition_count: 3,
  };
  const gone = Response.json({ error: "notfound", key: "/works/OL1W" }, { status: 404 });
  const answers = [Response.json({ docs: [merged] }), gone];
  return withFixtures({ make, answers }, async ({ find }) => {
    assertEquals(worksOf(await find())[0]?.editions, []);
  });
});

Deno.test("createOpenLibrary() survives every fault the simulator plays", () =>
  withSimulatedCatalogues({ service: "open_library", make }, async ({ simulator, find, clock }) => {
    const book = { title: "Gone Girl", author: "Gillian Flynn", year: 2012 };
    simulator.faults.add({ service: "open_library", kind: "503", times: 1 });
    assertEquals((await find(book)).kind, "candidates");
    for (const kind of ["429", "500", "503", "broken_json", "html", "403"] as const) {
      simulator.faults.clear();
      simulator.faults.add({ service: "open_library", kind });
      assertEquals((await find(book)).kind, "unavailable", kind);
      clock.advance(86_400_000);
    }
    simulator.faults.clear();
    assertEquals((await find(book)).kind, "candidates");
  }));

// About wikidata.ts
import { assert, assertEquals } from "@std/assert";
import { decideMatch } from "../../../../src/domain/matching/decide_match.ts";
import { createWikidata } from "../../../../src/providers/resolvers/wikidata/wikidata.ts";
import { type MakeResolver, QUERY, withSimulatedCatalogues, worksOf } from "../resolver_harness.ts";
import { makeWikidata } from "./wikidata_fixtures.ts";

const make = makeWikidata;
const service = "wikidata";
const GONE_GIRL = { title: "Gone Girl", author: "Gillian Flynn", year: 2012, month: null };

Deno.test("createWikidata() finds books of the simulator in two to four requests", () =>
  withSimulatedCatalogues({ service, make }, async ({ find, calls }) => {
    const books = [
      GONE_GIRL,
      { ...GONE_GIRL, title: "gone girl: a novel", author: "Flynn, Gillian" },
      { title: "The Racketeer", author: "John Grisham", year: 2012, month: null },
    ];
    for (const book of books) {
      const before = calls.length;
      const decision = decideMatch({ ...QUERY, ...book }, worksOf(await find(book)));
      assertEquals(decision.kind, "found", book.title);
      const used = calls.length - before;
      assert(used >= 2 && used <= 4, `${used} requests`);
    }
  }));

Deno.test("createWikidata() spends one request on a book the simulator has never heard of", () =>
  withSimulatedCatalogues({ service, make }, async ({ find, calls }) => {
    assertEquals(await find({ title: "The Unwritten Almanac of Qx" }), { kind: "not_found" });
    assertEquals(calls.length, 1);
  }));

Deno.test("createWikidata() is answered while the query service lags, as it asks nothing of it", () =>
  withSimulatedCatalogues({ service, make }, async ({ simulator, find, calls }) => {
    simulator.faults.add({ service, kind: "lagged" });
    assertEquals((await find(GONE_GIRL)).kind, "candidates");
    assertEquals(simulator.journal.count({ service, status: 200 }), calls.length);
    const asking = await fetch(
      `${simulator.url}/wikidata/w/api.php?action=query&format=json&maxlag=5`,
      {
        headers: { "user-agent": "Test/1.0 (ops@example.org)" },
      },
    );
    assertEquals((await asking.json()).error.type, "wikibase-queryservice");
  }));

Deno.test("createWikidata() is throttled by the simulator when it names no contact", () => {
  const nameless: MakeResolver = ({ baseUrl, ...http }) =>
    createWikidata({ ...http, contact: "", apiUrl: baseUrl, sparqlUrl: baseUrl });
  return withSimulatedCatalogues({ service, make: nameless }, async ({ find }) => {
    const said = await find(GONE_GIRL);
    assertEquals(said.kind === "unavailable" && said.reason, "rate_limited");
  });
});

Deno.test("createWikidata() survives every fault the simulator plays", () =>
  withSimulatedCatalogues({ service, make }, async ({ simulator, find, clock }) => {
    simulator.faults.add({ service, kind: "503", times: 1 });
    assertEquals((await find(GONE_GIRL)).kind, "candidates");
    const kinds = [
      "429",
      "403",
      "500",
      "503",
      "broken_json",
      "html",
      "bad_content",
      "error_body",
      "cut_off",
    ] as const;
    for (const kind of kinds) {
      simulator.faults.clear();
      simulator.faults.add({ service, kind });
      assertEquals((await find(GONE_GIRL)).kind, "unavailable", kind);
      clock.advance(2 * 86_400_000);
    }
    simulator.faults.clear();
    assertEquals((await find(GONE_GIRL)).kind, "candidates");
  }));

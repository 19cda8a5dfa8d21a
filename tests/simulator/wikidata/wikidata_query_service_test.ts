import { assertEquals, assertMatch } from "@std/assert";
import { type Answer, send, withSimulator } from "../with_simulator.ts";

const PREFIXES = `PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
`;

/** Runs `test` with a simulator whose query service is QLever. */
async function onQlever(
  test: (on: {
    readonly query: (sparql: string) => Promise<Answer>;
    readonly failNext: (kind: "500" | "cut_off") => void;
  }) => Promise<void>,
): Promise<void> {
  await withSimulator(
    { plans: { wikidata: { queryEngine: "qlever" } } },
    async ({ url, faults }) => {
      const headers = { "user-agent": "AlexandriaTests/1.0 (tests@alexandria.example)" };
      await test({
        query: (sparql) =>
          send(`${url}/wikidata/sparql?${new URLSearchParams({ query: sparql })}`, { headers }),
        failNext: (kind) => faults.add({ service: "wikidata", kind, times: 1 }),
      });
    },
  );
}

const BOOKS = "?ed wdt:P212 ?isbn";
const select = (where: string) => `${PREFIXES}SELECT ?ed ?page ?links WHERE { ${where} } LIMIT 3`;

Deno.test("runQuery() on QLever refuses a prefix that is not declared", () =>
  onQlever(async ({ query }) => {
    const undeclared = await query(`SELECT ?ed WHERE { ${BOOKS} } LIMIT 3`);
    assertEquals([undeclared.status, undeclared.json.status], [400, "ERROR"]);
    assertMatch(undeclared.json.exception, /Prefix wdt was not registered using a PREFIX/);
  }));

Deno.test("runQuery() on QLever counts articles on the page of an item", () =>
  onQlever(async ({ query }) => {
    const { json } = await query(select("?page wikibase:sitelinks ?links"));
    const [row] = json.results.bindings;
    assertMatch(row.page.value, /Special:EntityData\/Q\d+$/);
    assertEquals(row.links.datatype, "http://www.w3.org/2001/XMLSchema#int");
  }));

Deno.test("runQuery() on QLever tells of its time limit with 429, or behind half the rows", () =>
  onQlever(async ({ query, failNext }) => {
    failNext("500");
    const late = await query(select(BOOKS));
    assertEquals([late.status, late.json.exception], [429, "Operation timed out."]);
    failNext("cut_off");
    const half = await query(select(BOOKS));
    assertEquals(half.status, 200);
    assertMatch(half.text, /^\{"head":.*\n !!!!>># An error has occurred[^]*Operation timed out/);
  }));

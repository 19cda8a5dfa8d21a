import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { createManualClock } from "../manual_clock.ts";
import { type Answer, send, withSimulator } from "../with_simulator.ts";

const AGENT = "AlexandriaTests/1.0 (tests@alexandria.example)";
const GONE_GIRL = "978-0-297-85938-3";

interface Binding {
  readonly type: string;
  readonly value: string;
}

function get(simulator: Simulator, path: string, agent = AGENT): Promise<Answer> {
  return send(`${simulator.url}/wikidata${path}`, { headers: { "user-agent": agent } });
}

function call(simulator: Simulator, parameters: Record<string, string>): Promise<Answer> {
  return get(simulator, `/w/api.php?${new URLSearchParams({ format: "json", ...parameters })}`);
}

function query(simulator: Simulator, sparql: string): Promise<Answer> {
  return get(simulator, `/sparql?${new URLSearchParams({ format: "json", query: sparql })}`);
}

async function rows(simulator: Simulator, sparql: string): Promise<Record<string, Binding>[]> {
  return (await query(simulator, sparql)).json.results.bindings;
}

Deno.test("createWikidataService() turns away whoever gives no contact", async () => {
  await withSimulator({}, async (simulator) => {
    for (const agent of ["", "deno", "SomeApp/1.0"]) {
      const { status, text } = await get(simulator, "/w/api.php?format=json", agent);
      assertEquals(status, 429);
      assertStringIncludes(text, "comply with the User-Agent policy");
    }
    const web = await get(simulator, "/w/api.php?format=json", "App/1 (https://example.org)");
    assertEquals([web.status, web.json.error.code], [200, "missingparam"]);
  });
});

Deno.test("createWikidataService() finds an ISBN only in the spelling the item has", async () => {
  await withSimulator({}, async (simulator) => {
    const find = (values: string) =>
      rows(
        simulator,
        `SELECT ?i ?ed ?work ?date WHERE { VALUES ?i { ${values} } ?ed wdt:P212 ?i .
         OPTIONAL { ?ed wdt:P629 ?work } OPTIONAL { ?ed wdt:P577 ?date } }`,
      );
    const [row] = await find(`"${GONE_GIRL}" "9780297859383"`);
    assertEquals(row?.i, { type: "literal", value: GONE_GIRL });
    assertMatch(row?.ed?.value ?? "", /^http:\/\/www\.wikidata\.org\/entity\/Q\d+$/);
    assertEquals(await find('"9780297859383"'), []);
    assertEquals(simulator.journal.entries()[0]?.query, {
      isbns: [GONE_GIRL, "9780297859383"],
    });
  });
});

Deno.test("createWikidataService() lists the works of a month, best known first", async () => {
  await withSimulator({ coverage: "realistic" }, async (simulator) => {
    const found = await rows(
      simulator,
      `SELECT ?w ?date ?links WHERE {
         ?w p:P577 ?dated . ?dated psv:P577 ?value .
         ?value wikibase:timeValue ?date ; wikibase:timePrecision ?precision .
         FILTER(?precision >= 10 && ?date >= "2012-03-01T00:00:00Z"^^xsd:dateTime &&
           ?date < "2012-04-01T00:00:00Z"^^xsd:dateTime)
         ?w wikibase:sitelinks ?links .
       } ORDER BY DESC(?links) LIMIT 5`,
    );
    assert(found.length > 2 && found.length <= 5);
    for (const { date } of found) assertMatch(date?.value ?? "", /^2012-03-/);
    const links = found.map((row) => Number(row.links?.value));
    assertEquals(links, [...links].sort((a, b) => b - a));
  });
});

Deno.test("createWikidataService() notes which month a query lists the days of", async () => {
  await withSimulator({}, async (simulator) => {
    const days = (list: string) =>
      `SELECT ?v WHERE { VALUES ?day { ${list} } ?v wikibase:timeValue ?day }`;
    const day = (date: string) => `"${date}T00:00:00Z"^^xsd:dateTime`;
    await query(simulator, days(`${day("2012-03-01")} ${day("2012-03-02")}`));
    await query(simulator, days(`"${GONE_GIRL}"`));
    assertEquals(simulator.journal.entries().map(({ month }) => month), ["2012-03", undefined]);
  });
});

Deno.test("createWikidataService() runs out of time when all names are to be read", async () => {
  await withSimulator({}, async (simulator) => {
    const { status, text, headers } = await query(
      simulator,
      "SELECT ?w WHERE { ?w rdfs:label ?l }",
    );
    assertEquals(status, 500);
    assertStringIncludes(text, "java.util.concurrent.TimeoutException");
    assertStringIncludes(headers.get("content-type") ?? "", "text/plain");
    const wrong = await query(simulator, "SELECT ?w WHERE { ?w");
    assertEquals(wrong.status, 400);
    assertStringIncludes(wrong.text, "MalformedQueryException");
  });
});

Deno.test("createWikidataService() takes a query as a form, and answers XML to who wants no JSON", async () => {
  await withSimulator({}, async ({ url }) => {
    const body = new URLSearchParams({
      query: `SELECT ?ed WHERE { VALUES ?i { "${GONE_GIRL}" } ?ed wdt:P212 ?i }`,
    });
    const post = (accept: string) =>
      send(`${url}/wikidata/sparql`, {
        method: "POST",
        body,
        headers: { "user-agent": AGENT, accept },
      });
    const { json } = await post("application/sparql-results+json");
    assertEquals(json.results.bindings.length, 1);
    assertStringIncludes((await post("*/*")).text, "<binding name='ed'><uri>");
  });
});

Deno.test("createWikidataService() searches names by their beginning", async () => {
  await withSimulator({}, async (simulator) => {
    const search = async (text: string, more: Record<string, string> = {}) =>
      (await call(simulator, {
        action: "wbsearchentities",
        search: text,
        language: "en",
        limit: "50",
        ...more,
      })).json;
    const { search: found, success } = await search("gone gir");
    assertEquals([found[0].label, found[0].match.type, success], ["Gone Girl", "label", 1]);
    assertEquals((await search("girl gone wrong")).search, []);
    const few = await search("the", { limit: "3" });
    assertEquals([few.search.length, few["search-continue"]], [3, 3]);
    const next = await search("the", { limit: "3", continue: "3" });
    assert(
      next.search.every(({ id }: { id: string }) =>
        few.search.every((hit: { id: string }) => hit.id !== id)
      ),
    );
    assertEquals((await search("gone girl", { language: "fr" })).search, []);
  });
});

Deno.test("createWikidataService() searches texts and statements", async () => {
  await withSimulator({}, async (simulator) => {
    const search = async (srsearch: string) => {
      const { json } = await call(simulator, { action: "query", list: "search", srsearch });
      return json.query.search.map(({ title }: { title: string }) => title) as string[];
    };
    const [work] = await search('"gone girl" gillian flynn');
    assertEquals(await search(`haswbstatement:P212=${GONE_GIRL}`), [work]);
    assertEquals(await search("haswbstatement:P212=9780297859383"), []);
    assertEquals(await search('"girl gone"'), []);
    const typed = await search("gone girl haswbstatement:P31=Q7725634|P31=Q571|P31=Q47461344");
    assert(typed.includes(work ?? ""));
    assertEquals((await search("gone girl haswbstatement:P31=Q5")).length, 0);
    assert(!(await search("gone girl -haswbstatement:P212")).includes(work ?? ""));
    assertEquals(simulator.journal.entries()[0]?.query, { title: "gone girl gillian flynn" });
  });
});

Deno.test("createWikidataService() gives entities with their claims, unknown ones as missing", async () => {
  await withSimulator({}, async (simulator) => {
    const { json: found } = await call(simulator, {
      action: "query",
      list: "search",
      srsearch: `haswbstatement:P212=${GONE_GIRL}`,
    });
    const id = found.query.search[0].title;
    const { json } = await call(simulator, {
      action: "wbgetentities",
      ids: `${id}|Q999999999`,
      props: "labels|claims|aliases",
      languages: "en",
    });
    assertEquals(json.entities["Q999999999"], { id: "Q999999999", missing: "" });
    const { labels, claims, aliases } = json.entities[id];
    assertEquals([labels.en.value, aliases], ["Gone Girl", []]);
    const isbns = claims.P212.map((claim: { mainsnak: { datavalue: { value: string } } }) =>
      claim.mainsnak.datavalue.value
    );
    assert(isbns.includes(GONE_GIRL));
    const { time, precision } = claims.P577[0].mainsnak.datavalue.value;
    assertEquals([time, precision], ["+2012-06-00T00:00:00Z", 10]);
    const page = await get(simulator, `/wiki/Special:EntityData/${id}.json`);
    assertEquals(page.json.entities[id].claims, claims);
    assertEquals((await get(simulator, "/wiki/Special:EntityData/Q999999999.json")).status, 404);
  });
});

Deno.test("createWikidataService() reports the API's errors with 200", async () => {
  await withSimulator({}, async (simulator) => {
    const codeOf = async (parameters: Record<string, string>) => {
      const { status, json, headers } = await call(simulator, parameters);
      assertEquals([status, headers.get("mediawiki-api-error")], [200, json.error.code]);
      return json.error.code;
    };
    assertEquals(await codeOf({ action: "wbsearchentities", search: "x" }), "missingparam");
    assertEquals(await codeOf({ action: "dance" }), "badvalue");
    const ids = Array.from({ length: 51 }, (_, index) => `Q${index + 1}`).join("|");
    assertEquals(await codeOf({ action: "wbgetentities", ids }), "toomanyvalues");
    assertEquals(await codeOf({ action: "wbgetentities", ids: "salt" }), "no-such-entity");
    simulator.faults.add({ service: "wikidata", kind: "error_body", times: 1 });
    const asked = { action: "wbgetentities", ids: "Q1" };
    assertEquals(await codeOf(asked), "internal_api_error_DBQueryError");
    simulator.faults.add({ service: "wikidata", kind: "lagged" });
    assertEquals((await call(simulator, asked)).json.success, 1);
    assertEquals(await codeOf({ ...asked, maxlag: "5" }), "maxlag");
    const { json } = await call(simulator, { ...asked, maxlag: "5" });
    assertEquals([json.error.type, json.error.lag > 5], ["wikibase-queryservice", true]);
  });
});

Deno.test("createWikidataService() counts the time of queries, and bans who goes on after a 429", async () => {
  const clock = createManualClock();
  await withSimulator({ clock, enforceRates: true }, async (simulator) => {
    const slow = () => query(simulator, "SELECT ?w WHERE { ?w rdfs:label ?l }");
    assertEquals([(await slow()).status, (await slow()).status], [500, 500]);
    const refused = await slow();
    const wait = Number(refused.headers.get("retry-after"));
    assertEquals(refused.status, 429);
    assert(wait >= 1);
    clock.advance(wait * 1_000 + 1_000);
    assertEquals((await slow()).status, 500);
    const statuses: number[] = [];
    for (let turn = 0; turn < 12; turn++) statuses.push((await slow()).status);
    assertEquals([statuses[0], statuses.at(-1)], [429, 403]);
    clock.advance(24 * 3_600_000);
    assertEquals((await slow()).status, 500);
  });
});

Deno.test("createWikidataService() allows three calls of the API at once when told to", async () => {
  const clock = createManualClock();
  const latency = { wikidata: { min_ms: 500, max_ms: 500 } };
  await withSimulator({ clock, latency, enforceRates: true }, async (simulator) => {
    const pending = [1, 2, 3, 4].map(() => call(simulator, { action: "wbgetentities", ids: "Q1" }));
    while (clock.sleepers < 4) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(500);
    const statuses = (await Promise.all(pending)).map(({ status }) => status).sort();
    assertEquals(statuses, [200, 200, 200, 429]);
  });
});

Deno.test("createWikidataService() plays its faults in its own words", async () => {
  await withSimulator({}, async (simulator) => {
    const sparql = `SELECT ?ed WHERE { VALUES ?i { "${GONE_GIRL}" } ?ed wdt:P212 ?i }`;
    simulator.faults.add({ service: "wikidata", kind: "429", times: 1, retry_after_seconds: 7 });
    const limited = await query(simulator, sparql);
    assertEquals([limited.status, limited.headers.get("retry-after")], [429, "7"]);
    simulator.faults.add({ service: "wikidata", kind: "500", times: 1 });
    assertStringIncludes((await query(simulator, sparql)).text, "TimeoutException");
    for (const kind of ["403", "503"] as const) {
      simulator.faults.add({ service: "wikidata", kind, times: 1 });
      assertEquals((await query(simulator, sparql)).status, Number(kind));
    }
    simulator.faults.add({ service: "wikidata", kind: "broken_json", times: 1 });
    const cut = await query(simulator, sparql);
    assertEquals([cut.status, cut.text.endsWith("}")], [200, false]);
    simulator.faults.add({ service: "wikidata", kind: "cut_off", times: 1 });
    const behind = await query(simulator, sparql);
    assertEquals(behind.status, 200);
    assertMatch(behind.text, /^\{"head".*SPARQL-QUERY: queryStr=SELECT[^]*TimeoutException/);
    simulator.faults.add({ service: "wikidata", kind: "empty", times: 1 });
    assertEquals(await rows(simulator, sparql), []);
    simulator.faults.add({ service: "wikidata", kind: "bad_content", times: 1 });
    assertEquals((await query(simulator, sparql)).json.results.bindings, "none");
  });
});

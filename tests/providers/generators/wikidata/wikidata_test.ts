import { NO_SERIES } from "../../../../src/domain/series/series_fields.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { monthOf } from "../../../../src/domain/months/month.ts";
import { AppError, type ErrorCode } from "../../../../src/errors.ts";
import { type Answer, htmlPage } from "../../fixture_server.ts";
import {
  claim,
  entities,
  itemValue,
  labelled,
  timeValue,
} from "../../resolvers/wikidata/wikidata_fixtures.ts";
import { links } from "../../../../src/simulator/wikidata/wikidata_statements.ts";
import {
  BY_MARA,
  dated,
  edition,
  FRENCH,
  MARCH,
  request,
  withAnswers,
  withItems,
  work,
} from "../wikidata_harness.ts";

function found(...ids: readonly string[]): Response {
  const bindings = ids.map((id) => ({
    item: { type: "uri", value: `http://www.wikidata.org/entity/${id}` },
    links: { type: "literal", value: "5" },
  }));
  return Response.json({ head: { vars: ["item", "work", "links"] }, results: { bindings } });
}

function salt(id: string) {
  return {
    id,
    ...labelled(`Salt ${id}`),
    claims: {
      P31: [itemValue("Q8261")],
      P50: [itemValue("Q7")],
      P577: [timeValue("2012-03-06", 11)],
    },
  };
}

const MARA = { id: "Q7", ...labelled("Mara Quill") };

Deno.test("createWikidataGenerator() takes one query, the items and their authors", () =>
  withAnswers([found("Q1", "Q2"), entities(salt("Q1"), salt("Q2")), entities(MARA)], async (on) => {
    const { ask, calls, arrived } = on;
    const books = ["Q1", "Q2"].map((id) => ({
      title: `Salt ${id}`,
      author: "Mara Quill",
      month: 3,
      ...NO_SERIES,
    }));
    assertEquals(await ask(), {
      model: "month-query-2",
      text: JSON.stringify({ books }),
      finish: "stop",
      finish_detail: null,
      tokens: { input: 0, output: 0, thinking: 0 },
    });
    assertEquals(calls, ["wikidata", "wikidata", "wikidata"]);
    const sent = arrived.map(({ path }) => new URL(path, "http://x"));
    assertEquals(sent.map(({ pathname }) => pathname), ["/sparql", "/w/api.php", "/w/api.php"]);
    assertEquals(sent.map(({ searchParams }) => searchParams.get("ids")), [null, "Q1|Q2", "Q7"]);
    assert((sent[1]?.searchParams.get("languages") ?? "").split("|").length <= 50);
    for (const { headers } of arrived) {
      assertEquals(headers.get("user-agent"), "AlexandriaBackfill/1.0 (ops@example.org)");
    }
  }));

Deno.test("createWikidataGenerator() believes that a month is empty where a full one is full", () =>
  withAnswers([found(), found("Q1")], async ({ ask, calls, arrived }) => {
    const { text, finish } = await ask();
    assertEquals([text, finish, calls.length], ['{"books":[]}', "stop", 2]);
    const query = new URL(arrived[1]!.path, "http://x").searchParams.get("query") ?? "";
    assertStringIncludes(query, '"2012-09-30T00:00:00Z"^^xsd:dateTime');
  }));

Deno.test("createWikidataGenerator() does not take a service that finds nothing anywhere for empty months", async () => {
  const elsewhere = Response.json({
    head: { vars: ["item"] },
    results: { bindings: [{ item: { type: "uri", value: "https://other.example/Q1" } }] },
  });
  for (const nothing of [found(), elsewhere]) {
    await withAnswers([nothing], async ({ ask, calls }) => {
      const error = await assertRejects(() => ask(), AppError);
      assertEquals([error.code, calls.length], ["PROVIDER_UNAVAILABLE", 2]);
      assertStringIncludes(error.message, "does not understand the question");
    });
  }
});

Deno.test("createWikidataGenerator() asks no more about a month that is not over", () =>
  withAnswers([found()], async ({ ask, calls, clock }) => {
    const now = monthOf(clock.now());
    assertEquals((await ask(request(now))).text, '{"books":[]}');
    assertEquals((await ask(request({ year: now.year + 1, month: 1 }))).text, '{"books":[]}');
    assertEquals(calls.length, 2);
  }));

Deno.test("createWikidataGenerator() names the best known first, of equals the one recorded first", async () => {
  const march = [dated("2012-03-06")];
  const known = (id: string, sitelinks: number) => work(id, march, { sitelinks });
  const famous = work("Q50", [], { sitelinks: 90 });
  const items = [
    known("Q30", 4),
    known("Q9", 4),
    known("Q100", 40),
    famous,
    edition("Q51", "Q50", march),
    known("Q12", 4),
  ];
  for (const some of [items, items.toReversed()]) {
    await withItems(some, async ({ list }) => {
      const titles = (await list()).map(({ title }) => title);
      assertEquals(titles, ["Work Q50", "Work Q100", "Work Q9", "Work Q12", "Work Q30"]);
    });
  }
});

Deno.test("createWikidataGenerator() names a book once, however many items and dates it has", async () => {
  const labels = { en: "Salt" };
  const items = [
    work("Q1", [dated("2012-03-06"), dated("2012-03-20"), ...BY_MARA], { labels }),
    work("Q2", [dated("2012-03")], { labels: { en: "SALT" } }),
    edition("Q3", "Q1", [dated("2012-03-06")]),
    edition("Q4", "Q1", [dated("2012-03-07")]),
  ];
  await withItems(items, async ({ list }) => {
    assertEquals((await list()).map(({ title }) => title), ["Salt"]);
  });
});

Deno.test("createWikidataGenerator() goes on reading until it has as many as are wanted", async () => {
  const isPoem = links("P7937", ["Q5185279"]);
  const poems = Array.from(
    { length: 45 },
    (_, index) => work(`Q${1_000 + index}`, [dated("2012-03-06"), ...isPoem], { sitelinks: 50 }),
  );
  const novels = Array.from(
    { length: 40 },
    (_, index) => work(`Q${2_000 + index}`, [dated("2012-03-06")]),
  );
  await withItems([...poems, ...novels], async ({ list, calls }) => {
    const expected = (count: number) => novels.slice(0, count).map(({ id }) => `Work ${id}`);
    assertEquals((await list(request(MARCH, 3))).map(({ title }) => title), expected(3));
    assertEquals(calls.length, 3, "the first fifty hold enough");
    assertEquals((await list(request(MARCH, 20))).map(({ title }) => title), expected(20));
    assertEquals(calls.length, 3 + 5, "query, fifty items, authors, thirty-five items, authors");
  });
});

Deno.test("createWikidataGenerator() is not led astray by translations of famous works", async () => {
  const items = Array.from({ length: 250 }, (_, index) => [
    work(`Q${1_000 + index}`, [dated("1850"), ...FRENCH], { sitelinks: 100 }),
    edition(`Q${2_000 + index}`, `Q${1_000 + index}`, [
      dated("2012-03-06"),
      ...links("P407", ["Q9056"]),
    ]),
  ]);
  await withItems([...items.flat(), work("Q1", [dated("2012-03-06")])], async ({ list, calls }) => {
    assertEquals((await list()).map(({ title }) => title), ["Work Q1"]);
    assertEquals(calls.length, 3);
  });
});

Deno.test("createWikidataGenerator() leaves out items that are gone or damaged", () => {
  const damaged = { ...salt("Q3"), claims: "none" };
  const gone = { id: "Q2", missing: "" };
  const items = entities(salt("Q1"), gone, damaged);
  return withAnswers([found("Q1", "Q2", "Q3"), items, entities(MARA)], async ({ list }) => {
    assertEquals((await list()).map(({ title }) => title), ["Salt Q1"]);
  });
});

Deno.test("createWikidataGenerator() reads only statements that have a value", () => {
  const NONE = { mainsnak: { snaktype: "novalue" }, rank: "preferred" };
  const claims = { ...salt("Q1").claims, P577: [NONE, timeValue("2012-03-00", 10)], P50: [NONE] };
  const book = { ...salt("Q1"), claims: { ...claims, P2093: [claim("Ada Frost")] } };
  return withAnswers([found("Q1"), entities(book)], async ({ list, calls }) => {
    assertEquals((await list()).map(({ author }) => author), ["Ada Frost"]);
    assertEquals(calls.length, 2, "a name needs no further request");
  });
});

const JAVA = "SPARQL-QUERY: queryStr=SELECT\njava.util.concurrent.TimeoutException\n\tat java.util";

Deno.test("createWikidataGenerator() throws what went wrong, with the moment to come back", async () => {
  const tooMany = (headers = {}) => new Response("Too many requests", { status: 429, headers });
  const table: readonly [readonly Answer[], ErrorCode, string | null, number][] = [
    [[htmlPage(403)], "PROVIDER_REJECTED_REQUEST", "2026-11-22T12:00:00.000Z", 1],
    [[tooMany({ "retry-after": "600" })], "PROVIDER_RATE_LIMITED", "2026-11-21T12:10:00.000Z", 1],
    [[new Response(JAVA, { status: 500 })], "PROVIDER_TIMEOUT", null, 1],
    [[htmlPage(503)], "PROVIDER_UNAVAILABLE", null, 2],
    [[htmlPage(200)], "PROVIDER_BAD_ANSWER", null, 2],
    [[new Response('{"results":{"bindings":[{"item"')], "PROVIDER_BAD_ANSWER", null, 2],
    [[new Response(`{"results":{"bindings":[]\n${JAVA}`)], "PROVIDER_TIMEOUT", null, 1],
    [[Response.json({ head: {} })], "PROVIDER_BAD_ANSWER", null, 1],
    [[found("Q1"), Response.json({ success: 1 })], "PROVIDER_BAD_ANSWER", null, 2],
    [[found("Q1"), entities(salt("Q1")), htmlPage(503)], "PROVIDER_UNAVAILABLE", null, 4],
  ];
  for (const [answers, code, retryAt, count] of table) {
    await withAnswers(answers, async ({ ask, calls }) => {
      const error = await assertRejects(() => ask(), AppError);
      assertEquals(
        [error.code, error.retryAt?.toISOString() ?? null],
        [code, retryAt],
        error.message,
      );
      assertEquals(calls.length, count, error.message);
    });
  }
});

Deno.test("createWikidataGenerator() rejects with the reason when it is called off", () =>
  withAnswers([found("Q1")], async ({ ask, calls }) => {
    const reason = new Error("cancelled");
    assertEquals(await assertRejects(() => ask(request(), AbortSignal.abort(reason))), reason);
    assertEquals(calls, []);
  }));

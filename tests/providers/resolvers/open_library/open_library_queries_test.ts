import { NO_SERIES } from "../../../../src/domain/series/series_fields.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { BookQuery } from "../../../../src/domain/matching/resolver.ts";
import { createOpenLibrary } from "../../../../src/providers/resolvers/open_library/open_library.ts";
import { plannedSearches } from "../../../../src/providers/resolvers/open_library/open_library_queries.ts";
import { searchTerms, searchWords } from "../../../../src/providers/resolvers/search_terms.ts";
import { parseLucene } from "../../../../src/simulator/search/lucene_query.ts";
import type { Arrived } from "../../fixture_server.ts";
import { ODD, OVERLONG, PLAIN } from "../../odd_books.ts";
import {
  type MakeResolver,
  withFixtures,
  withSimulatedCatalogues,
  worksOf,
} from "../resolver_harness.ts";

const make: MakeResolver = (http) => createOpenLibrary({ ...http, contact: "ops@example.org" });

const HEADERS = {
  accept: "application/json",
  // Open Library's API usage guidelines: a name and a way to reach the operator.
  "user-agent": "AlexandriaBackfill/1.0 (ops@example.org)",
};

/** The headers we choose ourselves; the others are the runtime's. */
function headersOf({ headers }: Arrived): Record<string, string> {
  const ours = ["accept", "authorization", "content-type", "user-agent"];
  return Object.fromEntries([...headers].filter(([name]) => ours.includes(name)));
}

// openlibrary/plugins/worksearch/schemes/works.py: `isbn` and `editions` only come when named
// (default_fetched_fields).
const FIELDS = "key,title,subtitle,author_name,first_publish_year,edition_count,editions," +
  "editions.key,editions.title,editions.subtitle,editions.isbn,editions.language," +
  "editions.publish_date,editions.publisher,editions.format";

/** What is asked when nothing is found, in Open Library's dialect of Lucene. */
async function queriesFor(query: BookQuery): Promise<readonly string[]> {
  let queries: readonly string[] = [];
  const nothing = Response.json({ numFound: 0, docs: [] });
  await withFixtures({ make, answers: [nothing] }, async ({ find, arrived }) => {
    await find(query);
    queries = arrived.map((sent) => {
      assertEquals([sent.method, headersOf(sent), sent.body], ["GET", HEADERS, ""]);
      const { pathname, searchParams } = new URL(sent.path, "http://x");
      assertEquals(pathname, "/search.json");
      const { q = "", ...fixed } = Object.fromEntries(searchParams);
      // openlibrary.org/dev/docs/api/search: lang orders the editions, limit is 100 by default.
      assertEquals(fixed, { lang: query.language, fields: FIELDS, limit: "20" });
      return q;
    });
  });
  return queries;
}

const FLYNN = "(author_name:(flynn) OR author_alternative_name:(flynn))";

Deno.test("createOpenLibrary() asks for title, author and year of one edition, then for less and less", async () => {
  assertEquals(await queriesFor(PLAIN), [
    // title → alternative_title, publish_year: conditions on one edition (WORK_FIELD_TO_ED_FIELD).
    `title:"Gone Girl" AND ${FLYNN} AND publish_year:2012`,
    `title:(gone girl) AND ${FLYNN}`,
    // As build_q_from_params makes of the parameter author.
    "(author_name:(gillian flynn) OR author_alternative_name:(gillian flynn))",
    "title:(gone girl)",
  ]);
});

Deno.test("createOpenLibrary() leaves out every sign that means something to Solr", async () => {
  const author = "author_name:(müller\\-lüdenscheidt) OR " +
    "author_alternative_name:(müller\\-lüdenscheidt)";
  assertEquals(await queriesFor(ODD), [
    `title:"C 100 Liebe Haß" AND (${author}) AND publish_year:2012`,
    `title:(c 100 liebe haß) AND (${author})`,
    "(author_name:(jürgen müller\\-lüdenscheidt) OR " +
    "author_alternative_name:(jürgen müller\\-lüdenscheidt))",
    "title:(c 100 liebe haß)",
  ]);
});

Deno.test("createOpenLibrary() sends what of an overlong title tells it apart", async () => {
  for (const q of await queriesFor(OVERLONG)) {
    assert(q.length < 600, `${q.length} characters`);
  }
  const [first = ""] = await queriesFor(OVERLONG);
  assert(first.startsWith('title:"On the Strange and Surprising Adventures On the'), first);
  assert(first.includes("author_name:(habsburg\\-lothringen)"), first);
});

Deno.test("createOpenLibrary() asks for the editions of a work by its key", () => {
  const work = { key: "/works/OL1W", title: PLAIN.title, author_name: [PLAIN.author] };
  const answers = [Response.json({ docs: [work] }), Response.json({ entries: [] })];
  return withFixtures({ make, answers }, async ({ find, arrived }) => {
    await find(PLAIN);
    const sent = arrived[1]!;
    // openlibrary/plugins/openlibrary/api.py, work_editions: limit 50 by default, at most 1,000.
    assertEquals(
      [sent.method, sent.path, sent.body],
      ["GET", "/works/OL1W/editions.json?limit=200", ""],
    );
    assertEquals(headersOf(sent), HEADERS);
  });
});

Deno.test("plannedSearches() asks for the author alone where the title has no word", () => {
  const named = plannedSearches(
    searchTerms({ title: "?!", author: "Mara Quill", ...NO_SERIES }),
    2024,
  );
  assertEquals(named.map(({ q }) => q), [
    "(author_name:(mara quill) OR author_alternative_name:(mara quill))",
  ]);
  assertEquals(plannedSearches(searchTerms({ title: "?!", author: "", ...NO_SERIES }), 2024), []);
  const nameless = plannedSearches(searchTerms({ title: "Salt", author: "", ...NO_SERIES }), 2024);
  assertEquals(nameless.map(({ q }) => q), [
    'title:"Salt" AND publish_year:2024',
    "title:(salt)",
  ]);
});

Deno.test("plannedSearches() never lets a title or name become an operator", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom(..."ab!&|*?~^/\\\"'(){}[]:+- ", " AND ", " OR ", " NOT ", "&&"),
    }),
  );
  const isNegated = (node: ReturnType<typeof parseLucene>): boolean =>
    node !== null && (node.kind === "not" || "nodes" in node && node.nodes.some(isNegated));
  fc.assert(fc.property(text, text, (title, author) => {
    const terms = searchTerms({ title, author, ...NO_SERIES });
    const halves = terms.titles.filter((half) => searchWords(half).length > 0).length;
    for (const { q } of plannedSearches(terms, 2024)) {
      const bare = q.replaceAll(/\\./gs, "").replaceAll(/"[^"]*"/g, "");
      assert(!/[!&|*?~^/\\{}[\]+"]/.test(bare), q);
      assert(!/\bNOT\b/.test(bare), q);
      const ours = (q.includes("author_name") ? 1 : 0) + (q.includes("title:") ? halves - 1 : 0);
      assertEquals(bare.match(/\bOR\b/g)?.length ?? 0, ours, q);
      assert(!isNegated(parseLucene(q)), q);
    }
  }));
});

Deno.test("createOpenLibrary() finds a work under the title that only an edition of it bears", () =>
  withSimulatedCatalogues({ service: "open_library", make }, async ({ find }) => {
    // Without an author only the title can bring it up, which the parameter `title` would not.
    const answer = await find({ title: "Sisi", author: "", year: 2019 });
    assert(worksOf(answer).some(({ title }) => title === "The Accidental Empress"));
  }));

Deno.test("createOpenLibrary() finds an author's book under the author's other name", () =>
  withSimulatedCatalogues({ service: "open_library", make }, async ({ find }) => {
    const answer = await find({ title: "Indulgence in Death", author: "Nora Roberts", year: 2010 });
    const found = worksOf(answer).find(({ title }) => title === "Indulgence in Death");
    assertEquals(found?.authors, ["J.D. Robb"]);
  }));

import { assert, assertEquals, assertExists } from "@std/assert";
import fc from "fast-check";
import { fileURLToPath } from "node:url";
import { buildCatalogue } from "../../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../../src/simulator/books/catalogue_files.ts";
import { parseLucene } from "../../../src/simulator/search/lucene_query.ts";
import {
  candidatesOf,
  conditionOf,
} from "../../../src/simulator/open_library/open_library_conditions.ts";
import { searchOpenLibrary } from "../../../src/simulator/open_library/open_library_search.ts";
import {
  editionOfIsbn,
  openLibraryKeys,
} from "../../../src/simulator/open_library/open_library_keys.ts";
import { openLibraryOf } from "../../../src/simulator/open_library/open_library.ts";

const SHIPPED = fileURLToPath(new URL("../../../src/simulator/data", import.meta.url));
const catalogue = buildCatalogue(await readCatalogueFiles(SHIPPED));
const { index, keyed } = openLibraryOf(catalogue, openLibraryKeys(catalogue));

/** The same search without any index: every work put to the test. */
function searchByForce(q: string): number[] {
  const node = parseLucene(q);
  if (!node) return [];
  const condition = conditionOf(node, index);
  return index.works
    .filter((work) => work.keyed.editions.some((edition) => condition(work, edition)))
    .map((work) => work.position);
}

const term = fc.constantFrom(
  "love",
  "the",
  "title:dark",
  'title:"the dark"',
  "author:king",
  "language:eng",
  "publish_year:[2000 TO 2012]",
  "first_publish_year:2012",
  "isbn:9780297859383",
  "publisher:tor",
  "-the",
  "title:\u2026",
);

Deno.test("searchOpenLibrary() finds by index exactly what testing every work would find", () => {
  const queries = fc.array(fc.tuple(term, fc.constantFrom(" AND ", " OR ")), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(queries, (parts) => {
      const q = parts.map(([text, joiner], at) => at === 0 ? text : joiner + text).join("");
      const found = searchOpenLibrary(index, { q, lang: "en" });
      assertEquals(
        found.map(({ work }) => work.position).sort((a, b) => a - b),
        searchByForce(q),
        q,
      );
    }),
    { numRuns: 40 },
  );
});

Deno.test("searchOpenLibrary() finds nothing for a query without a word", () => {
  for (const query of [{ q: "--- ... ---" }, { title: "\u2014" }, {}]) {
    assertEquals(searchOpenLibrary(index, { ...query, lang: "en" }), []);
  }
});

Deno.test("searchOpenLibrary() shows an edition that satisfies the query itself", () => {
  const node = parseLucene("title:the publish_year:[2000 TO 2005]");
  assertExists(node);
  const condition = conditionOf(node, index);
  const found = searchOpenLibrary(index, {
    q: "title:the publish_year:[2000 TO 2005]",
    lang: "en",
  });
  assert(found.length > 20);
  for (const { work, edition } of found) assert(edition && condition(work, edition));
});

Deno.test("searchOpenLibrary() prefers an edition in the reader's language, by whatever date", () => {
  const found = searchOpenLibrary(index, { title: "the", lang: "fr" });
  const french = found.filter(({ work }) =>
    work.keyed.editions.some(({ edition }) => edition.language === "fr")
  );
  assert(french.length > 0);
  for (const { edition } of french) assertEquals(edition?.edition.language, "fr");
});

Deno.test("candidatesOf() gives up only when no word narrows the works down", () => {
  const candidates = (q: string) => {
    const node = parseLucene(q);
    assertExists(node);
    return candidatesOf(node, index);
  };
  assertEquals(candidates("language:eng"), null);
  assertEquals(candidates("title:dark OR language:eng"), null);
  assertEquals(candidates("title:qqqq AND language:eng"), []);
});

Deno.test("keyCatalogue() gives every work, edition and author a key of its own", () => {
  assertEquals(keyed.workByKey.size, catalogue.works.length);
  assertEquals(keyed.editionByKey.size, catalogue.isbns.size);
  assertEquals(editionOfIsbn(keyed, "9780297859383")?.edition.title, "Gone Girl");
  assertEquals(editionOfIsbn(keyed, "9781402894626"), null);
  const names = new Set(catalogue.works.flatMap((work) => work.authors));
  assertEquals(keyed.authorByKey.size, names.size);
});

const titlesFound = (query: Record<string, string>): readonly string[] =>
  searchOpenLibrary(index, { lang: "en", ...query }).map(({ work }) => work.keyed.work.title);

/** A work whose editions bear a word that its own title does not have. */
const renamed = index.works.flatMap(({ keyed: { work, editions }, authorTokens }) => {
  const own = new Set(index.tokensOfText(work.title));
  const word = editions.flatMap(({ edition }) => index.tokensOfText(edition.title))
    .find((token) => token.length > 6 && !own.has(token));
  const surname = authorTokens.at(-1);
  return word === undefined || surname === undefined ? [] : [{ work, word, surname }];
})[0];

Deno.test("searchOpenLibrary() takes the parameter title for the work's own, and in q for every title", () => {
  assertExists(renamed);
  const { work, word, surname } = renamed;
  assert(titlesFound({ q: `title:(${word}) AND author_name:(${surname})` }).includes(work.title));
  assert(!titlesFound({ title: word, author: surname }).includes(work.title));
  assert(titlesFound({ title: work.title, author: surname }).includes(work.title));
});

Deno.test("searchOpenLibrary() knows pen names as alternative ones, which author in q does not mean", () => {
  const robb = 'author_alternative_name:"j d robb"';
  const works = titlesFound({ q: robb });
  assert(works.length > 20);
  const named = titlesFound({ q: "author:robb" });
  const title = works.find((each) => !named.includes(each)) ?? "";
  assert(titlesFound({ title, author: "Robb" }).includes(title), "the parameter means both");
  assert(!titlesFound({ q: `title:"${title}" AND author:robb` }).includes(title));
});

Deno.test("searchOpenLibrary() lets signs in parameters through as operators", () => {
  assertEquals(titlesFound({ title: "Gone Girl", author: "Flynn" }), ["Gone Girl"]);
  assertEquals(titlesFound({ title: "Gone! Girl", author: "Flynn" }), []);
  assertEquals(titlesFound({ title: "G*ne Girl", author: "Flynn" }), ["Gone Girl"]);
  assertEquals(titlesFound({ title: "Gone* of Girl", author: "Flynn" }), []);
  assert(titlesFound({ title: "Gone || Girl", author: "Flynn" }).length > 0);
  assertEquals(titlesFound({ title: "Gone? (Girl)", author: "Flynn" }), ["Gone Girl"]);
  assertEquals(titlesFound({ title: "gone AND girl", author: "Flynn" }), []);
});

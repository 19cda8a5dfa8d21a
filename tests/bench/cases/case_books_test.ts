import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ResolverName, WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import { runCases } from "./case_run.ts";
import { ISBN, madeCase, madeRecord, OTHER_ISBN, WRONG_ISBN } from "./made_case.ts";
import type { CaseRecord } from "./match_case.ts";

const THIRD_ISBN = "9781402894640";

/** What the provider's production client makes of records that its service sends. */
async function asRead(...records: CaseRecord[]): Promise<readonly WorkCandidate[]> {
  const [decided] = await runCases([madeCase(records)], { order: "all" });
  return decided?.answers.find(({ provider }) => provider === records[0]?.provider)?.works ?? [];
}

async function editionsRead(...records: CaseRecord[]) {
  return (await asRead(...records)).flatMap(({ editions }) => editions);
}

async function isbnsRead(...records: CaseRecord[]): Promise<(string | null)[]> {
  return (await editionsRead(...records)).map(({ isbn13 }) => isbn13);
}

const FULL = {
  subtitle: "A Novel of Bread",
  year: "2012-05-15",
  language: "de",
  binding: "paperback",
  publisher: "Harrow & Pike",
  pages: 352,
} as const;

/** What of it reaches the client: each service has its own words and leaves some fields out. */
const READ: Readonly<Record<ResolverName, object>> = {
  open_library: { subtitle: FULL.subtitle, month: 5, binding: "paperback", pages: null },
  google_books: { subtitle: FULL.subtitle, month: 5, binding: null, pages: 352 },
  archive_org: { subtitle: "a Novel of Bread", month: null, binding: "paperback", pages: null },
  wikidata: { subtitle: null, month: 5, binding: null, pages: 352 },
  isbndb: { subtitle: FULL.subtitle, month: 5, binding: "paperback", pages: 352 },
};

for (const name of RESOLVER_NAMES) {
  Deno.test(`caseBooks() lets ${name} say of an edition what its service would`, async () => {
    const editions = await editionsRead(madeRecord(name, FULL));
    assertEquals(editions.map(({ isbn13 }) => isbn13), [ISBN]);
    for (const { title, language, published, subtitle, binding, pages, publisher } of editions) {
      assertEquals([title, language, published?.year], ["The Salt Ledger", "de", 2012]);
      assertEquals({ subtitle, month: published?.month, binding, pages }, READ[name]);
      assertEquals(publisher, name === "wikidata" ? null : FULL.publisher);
    }
  });

  Deno.test(`caseBooks() has ${name} show no ISBN that is invalid, and none where there is none`, async () => {
    const isbns = async (isbn13: string | null) =>
      (await isbnsRead(madeRecord(name, { isbn13 }))).filter((isbn) => isbn !== null);
    assertEquals(await isbns(ISBN), [ISBN]);
    // ISBNdb files books by it, and its client takes a list of nothing but such ones for damaged.
    if (name === "isbndb") return;
    assertEquals(await isbns(WRONG_ISBN), []);
    assertEquals(await isbns(null), []);
  });

  Deno.test(`caseBooks() tells nobody but ${name} of its record`, async () => {
    const [decided] = await runCases([madeCase([madeRecord(name)])], { order: "all" });
    const heard = decided?.answers.filter(({ works }) => works.length > 0);
    assertEquals(heard?.map(({ provider }) => provider), [name]);
  });
}

Deno.test("caseBooks() has a record list all of its ISBNs", async () => {
  const isbns = [OTHER_ISBN, "1402894643"];
  const all = [ISBN, OTHER_ISBN, THIRD_ISBN];
  const read = async (name: ResolverName) =>
    (await isbnsRead(madeRecord(name, { isbns }))).toSorted();
  assertEquals(await read("open_library"), all);
  assertEquals(await read("isbndb"), all);
  assertEquals(await read("wikidata"), all);
  // Their clients take several numbers for a contradiction.
  assertEquals(await read("google_books"), [null]);
  assertEquals((await read("archive_org")).includes(OTHER_ISBN), false);
});

Deno.test("caseBooks() files Open Library's editions under their work", async () => {
  const work = { work: "w", work_title: "Salt Ledger, The", work_year: 1998 };
  const works = await asRead(
    madeRecord("open_library", { ...work, year: "2009" }),
    madeRecord("open_library", { work: "w", isbn13: OTHER_ISBN, year: "2012" }),
    madeRecord("open_library", { isbn13: THIRD_ISBN, year: "2012" }),
  );
  const [filed, alone] = works.toSorted((a, b) => (b.popularity ?? 0) - (a.popularity ?? 0));
  assertEquals([filed?.title, filed?.first_published?.year, filed?.popularity], [
    "Salt Ledger, The",
    1998,
    2,
  ]);
  // A search shows one edition of a work, here that of the year.
  assertEquals(filed?.editions.map(({ isbn13 }) => isbn13), [OTHER_ISBN]);
  assertEquals([alone?.first_published?.year, alone?.popularity], [2012, 1]);
});

Deno.test("caseBooks() gives a work no subtitle that only one of its editions has", async () => {
  const subtitles = async (...of: (string | null)[]) => {
    const records = of.map((subtitle, position) =>
      madeRecord("open_library", {
        work: "w",
        subtitle,
        isbn13: [ISBN, OTHER_ISBN][position] ?? null,
      })
    );
    return (await asRead(...records)).map(({ subtitle }) => subtitle);
  };
  assertEquals(await subtitles("A Novel"), ["A Novel"]);
  assertEquals(await subtitles("A Novel", "A Novel"), ["A Novel"]);
  assertEquals(await subtitles("A Novel", "A Memoir"), [null]);
  assertEquals(await subtitles("A Novel", null), [null]);
});

Deno.test("caseBooks() sends names and titles in the form of the service", async () => {
  const [scan] = await asRead(madeRecord("archive_org"));
  assertStringIncludes(scan?.authors[0] ?? "", "Quill, Mara");
  const two = await asRead(
    madeRecord("google_books"),
    madeRecord("google_books", { year: "2013" }),
  );
  assertEquals(two.map(({ editions }) => editions[0]?.published?.year).toSorted(), [2012, 2013]);
});

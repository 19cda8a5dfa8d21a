import { assert, assertEquals, assertFalse } from "@std/assert";
import { manyIsbns } from "./many_isbns.ts";
import { worksOf } from "./resolver_bench.ts";
import { answering } from "./wikidata_fixtures.ts";

type Terms = Record<string, string | Record<string, unknown>>;

/** A SPARQL answer; a text stands for a literal. */
function table(...rows: readonly Terms[]): Response {
  const bindings = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, term]) => [
        name,
        typeof term === "string" ? { type: "literal", value: term } : term,
      ]),
    )
  );
  return Response.json({ head: { vars: [] }, results: { bindings } });
}

const uri = (id: string) => ({ type: "uri", value: `http://www.wikidata.org/entity/${id}` });

const ROW = {
  isbn: "978-1-4028-9462-6",
  ed: uri("Q11"),
  edLabel: "The Salt Ledger",
  authorLabel: "Mara Quill",
  date: "2024-03-01T00:00:00Z",
  precision: "10",
};

Deno.test("findByIsbns() asks for both spellings of every valid ISBN once", () =>
  answering([table()], async ({ resolver, context, arrived, calls }) => {
    const isbns = ["1402894627", "9781402894626", "978-1-4028-9463-3", "9781402894627", "x"];
    assertEquals(await resolver.findByIsbns(isbns, context), { kind: "not_found" });
    assertEquals(calls, ["wikidata"]);
    const [request] = arrived;
    assert(request !== undefined);
    assertEquals(request.headers.get("accept"), "application/sparql-results+json");
    assertEquals(request.headers.get("user-agent"), "AlexandriaBackfill/1.0 (ops@example.org)");
    const { pathname, searchParams } = new URL(request.path, "http://x");
    assertEquals(pathname, "/sparql");
    const values = /VALUES \?isbn \{ ([^}]*) \}/.exec(searchParams.get("query") ?? "")?.[1];
    assertEquals(values?.split(" "), [
      '"978-1-4028-9462-6"',
      '"9781402894626"',
      '"978-1-4028-9463-3"',
      '"9781402894633"',
    ]);
  }));

Deno.test("findByIsbns() sends nothing when there is nothing to ask", () =>
  answering([table()], async ({ resolver, context, calls }) => {
    assertEquals(await resolver.findByIsbns(["x", ""], context), { kind: "not_found" });
    assertEquals(calls, []);
  }));

Deno.test("findByIsbns() gathers the combinations of an item's values", () => {
  const rows = ["2024-03-01T00:00:00Z", "2025-01-01T00:00:00Z"].flatMap((date) =>
    ["Mara Quill", "J. Doe"].map((authorLabel) => ({ ...ROW, date, authorLabel }))
  );
  return answering([table(...rows)], async ({ resolver, context }) => {
    const answer = await resolver.findByIsbns(["9781402894626"], context);
    assertEquals(worksOf(answer), [{
      provider: "wikidata",
      provider_key: "Q11",
      title: "The Salt Ledger",
      subtitle: null,
      authors: ["Mara Quill", "J. Doe"],
      first_published: null,
      popularity: null,
      editions: [{
        isbn13: "9781402894626",
        title: "The Salt Ledger",
        subtitle: null,
        published: { year: 2024, month: 3, day: null },
        language: null,
        binding: null,
        publisher: null,
        pages: null,
      }],
    }]);
  });
});

Deno.test("findByIsbns() takes unbound, unknown and unlabelled values for nothing said", () => {
  const rows = [
    { isbn: ROW.isbn, ed: uri("Q11"), edLabel: "Q11", workLabel: "The Salt Ledger" },
    {
      ...ROW,
      ed: uri("Q12"),
      authorLabel: "Q7",
      date: { type: "bnode", value: "t1" },
      authorName: { type: "uri", value: "http://www.wikidata.org/.well-known/genid/abc" },
    },
    { ...ROW, ed: uri("Q13"), precision: "8" },
    { ...ROW, ed: uri("Q14"), precision: 7 as unknown as string },
    { ...ROW, ed: { type: "bnode", value: "t2" } },
    { ed: uri("Q15"), edLabel: "No ISBN" },
    { ...ROW, ed: uri("Q16"), isbn: "978-1-4028-9464-0", edLabel: "Not asked for" },
    { ...ROW, ed: uri("Q17"), edLabel: "Q17" },
  ];
  return answering([table(...rows)], async ({ resolver, context }) => {
    const works = worksOf(await resolver.findByIsbns(["9781402894626"], context));
    assertEquals(
      works.map((work) => [
        work.provider_key,
        work.title,
        work.authors.length,
        work.editions[0]?.published?.month ?? null,
      ]),
      [
        ["Q11", "The Salt Ledger", 0, null],
        ["Q12", "The Salt Ledger", 0, null],
        ["Q13", "The Salt Ledger", 1, null],
        ["Q14", "The Salt Ledger", 1, 3],
      ],
    );
  });
});

Deno.test("findByIsbns() dates an item's edition only when it has one ISBN", () => {
  const rows = [ROW, { ...ROW, isbn: "9781402894633" }, { ...ROW, isbn: "9781402894626" }];
  return answering([table(...rows)], async ({ resolver, context }) => {
    const [work] = worksOf(
      await resolver.findByIsbns(["9781402894626", "9781402894633"], context),
    );
    assertEquals(work?.editions.map(({ isbn13, published }) => [isbn13, published]), [
      ["9781402894626", null],
      ["9781402894633", null],
    ]);
  });
});

Deno.test("findByIsbns() asks in batches, and says nothing when one of them fails", async () => {
  const isbns = manyIsbns(90);
  await answering([table()], async ({ resolver, context, arrived }) => {
    await resolver.findByIsbns(isbns, context);
    assertEquals(arrived.length, 3);
    const asked = arrived.map(({ path }) => new URL(path, "http://x").searchParams.get("query"));
    for (const isbn of isbns) assert(asked.some((query) => query?.includes(`"${isbn}"`)), isbn);
    assertFalse(arrived.some(({ path }) => path.length > 7_000));
  });
  const down = new Response("<html>", { status: 500 });
  await answering([table(ROW), down], async ({ resolver, context }) => {
    assertEquals((await resolver.findByIsbns(isbns, context)).kind, "unavailable");
  });
});

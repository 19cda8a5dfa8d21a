import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import fc from "fast-check";
import { decideMatch } from "../../../../src/domain/matching/decide_match.ts";
import type { UnavailableReason, WorkCandidate } from "../../../../src/domain/matching/resolver.ts";
import { createArchiveOrg } from "../../../../src/providers/resolvers/archive_org/archive_org.ts";
import { type Answer, type Arrived, htmlPage } from "../../fixture_server.ts";
import {
  isbnsOf,
  type MakeResolver,
  QUERY,
  type ResolverBench,
  withFixtures,
  withSimulatedCatalogues,
  worksOf,
} from "../resolver_harness.ts";

const make: MakeResolver = (http) => createArchiveOrg({ ...http, contact: "ops@example.org" });

function answering(
  answers: readonly Answer[],
  test: (bench: ResolverBench) => Promise<void>,
): Promise<void> {
  return withFixtures({ make, answers }, test);
}

const found = (...docs: readonly unknown[]) =>
  Response.json({
    responseHeader: { status: 0 },
    response: { numFound: docs.length, start: 0, docs },
  });

const ITEM = {
  identifier: "saltledger0000quil",
  title: "The salt ledger : a novel",
  creator: "Quill, Mara, 1971- author",
  isbn: ["9781402894626", "1402894627"],
  date: "2024-01-01T00:00:00Z",
  publisher: "London : Harrow & Pike, 2024.",
  language: "eng",
  downloads: 71,
};

function item(fields: Record<string, unknown> = {}) {
  return { ...ITEM, ...fields };
}

function queryOf({ path }: Arrived): string {
  return new URL(path, "http://x").searchParams.get("q") ?? "";
}

/** The one work found when the Archive holds one item. */
async function readItem(fields: Record<string, unknown>): Promise<WorkCandidate | undefined> {
  let work: WorkCandidate | undefined;
  await answering([found(item(fields))], async ({ find }) => {
    const answer = await find();
    work = answer.kind === "candidates" ? answer.works[0] : undefined;
  });
  return work;
}

Deno.test("createArchiveOrg() needs one request for a book that is there", () =>
  answering([found(item())], async ({ find, calls, arrived }) => {
    const shared = { title: "The salt ledger", subtitle: "a novel" };
    assertEquals(await find(), {
      kind: "candidates",
      works: [{
        provider: "archive_org",
        provider_key: "saltledger0000quil",
        ...shared,
        authors: ["Quill, Mara, 1971- author"],
        first_published: null,
        popularity: 71,
        editions: [{
          ...shared,
          published: { year: 2024, month: null, day: null },
          language: "en",
          publisher: "Harrow & Pike",
          pages: null,
          isbn13: "9781402894626",
          binding: null,
        }],
      }],
    });
    assertEquals(calls, ["archive_org"]);
    const [request] = arrived;
    assert(request !== undefined);
    assertEquals(request.headers.get("user-agent"), "AlexandriaBackfill/1.0 (ops@example.org)");
    assertEquals(
      queryOf(request),
      'title:("The Salt Ledger") AND creator:(quill) AND mediatype:texts',
    );
    const params = new URL(request.path, "http://x").searchParams;
    assertEquals(
      ["output", "rows", "page", "sort[]"].map((name) => params.get(name)),
      ["json", "50", "1", "downloads desc"],
    );
    const fields = params.getAll("fl[]");
    assert(
      ["identifier", "isbn", "related-external-id", "volume"].every((f) => fields.includes(f)),
    );
  }));

Deno.test("createArchiveOrg() looks for the telling words when nothing is like the book", async () => {
  for (const first of [found(), found(item({ title: "Pepper" }))]) {
    await answering([first, found(item())], async ({ find, arrived }) => {
      assert(isbnsOf(await find({ title: "The Salt OR Ledger" })).includes("9781402894626"));
      assertEquals(
        arrived.map(queryOf)[1],
        "title:(salt AND or AND ledger) AND creator:(quill) AND mediatype:texts",
      );
    });
  }
  await answering([found()], async ({ find, calls }) => {
    assertEquals(await find(), { kind: "not_found" });
    assertEquals(await find({ title: "Emma" }), { kind: "not_found" });
    assertEquals(calls.length, 3, "one word is found at once or not at all");
  });
});

Deno.test("createArchiveOrg() reads every field as a text, a list or nothing", async () => {
  const lists = Object.fromEntries(
    Object.entries(ITEM).map(([name, value]) => [
      name,
      name === "identifier" || Array.isArray(value) ? value : [value],
    ]),
  );
  assertEquals(await readItem(lists), await readItem({}));
  const bare = await readItem({
    creator: undefined,
    isbn: undefined,
    date: undefined,
    publisher: null,
    language: undefined,
    downloads: undefined,
  });
  assertEquals([bare?.authors, bare?.popularity], [[], null]);
  const { title: _title, subtitle: _subtitle, ...unknown } = bare?.editions[0] ?? {};
  assertEquals(Object.values(unknown).filter((value) => value !== null), []);
});

Deno.test("createArchiveOrg() takes a title in library punctuation apart", async () => {
  const table: readonly [string, string, string | null][] = [
    ["The salt ledger", "The salt ledger", null],
    ["The salt ledger :", "The salt ledger", null],
    ["The salt ledger : a novel / Mara Quill.", "The salt ledger", "a novel"],
    ["The salt ledger / by Mara Quill ; illustrated by J. Doe", "The salt ledger", null],
    ["The salt ledger [electronic resource] : a novel", "The salt ledger", "a novel"],
    ["The salt ledger : a novel : the sequel", "The salt ledger", "a novel: the sequel"],
    ["Either / or", "Either / or", null],
    ["Salt / Winter arithmetic / Mara Quill", "Salt / Winter arithmetic", null],
    ["Ledger 4:50", "Ledger 4:50", null],
  ];
  for (const [written, title, subtitle] of table) {
    const work = await readItem({ title: written });
    assertEquals([work?.title, work?.subtitle], [title, subtitle], written);
  }
  const audio = await readItem({ title: "The salt ledger [sound recording]" });
  assertEquals(audio?.editions[0]?.binding, "audio");
});

Deno.test("createArchiveOrg() lends no ISBN of books bound or listed together", async () => {
  const titles: readonly unknown[] = [
    ["The salt ledger", "Winter arithmetic"],
    "The salt ledger ; Winter arithmetic",
    "The salt ledger ; and, Winter arithmetic / Mara Quill",
  ];
  for (const title of titles) {
    const work = await readItem({ title });
    assertEquals(work?.editions.map(({ isbn13 }) => isbn13), [null], String(title));
  }
  for (const title of [["The salt ledger", "Salt ledger"], "Salt ledger ; or, The clerk"]) {
    const work = await readItem({ title });
    assertEquals(work?.editions[0]?.isbn13, "9781402894626", String(title));
  }
});

Deno.test("createArchiveOrg() tells volumes apart by the field that names them", async () => {
  const titleOf = async (title: string, volume: unknown) =>
    (await readItem({ title, volume }))?.title;
  assertEquals(await titleOf("The salt ledger", "2"), "The salt ledger, Vol. 2");
  assertEquals(await titleOf("The salt ledger", ["v. 02"]), "The salt ledger, Vol. 2");
  assertEquals(await titleOf("The salt ledger. 2", "2"), "The salt ledger. 2");
  assertEquals(await titleOf("The salt ledger", "1998-2003"), "The salt ledger");
  const second = await readItem({ volume: "2" });
  assert(second !== undefined);
  assertFalse(decideMatch(QUERY, [second]).kind === "found", "the second volume is not the first");
});

Deno.test("createArchiveOrg() falls back on related ISBNs only without one of its own", async () => {
  const related = ["urn:isbn:9781402894633", "urn:oclc:record:1402894626", "urn:isbn:1402894635"];
  const isbn13 = async (isbn: unknown) =>
    (await readItem({ isbn, "related-external-id": related }))?.editions[0]?.isbn13;
  assertEquals(await isbn13(undefined), "9781402894633");
  assertEquals(await isbn13("9781402894626"), "9781402894626");
  assertEquals(await isbn13(["9781402894626", "9781402894640"]), null);
});

Deno.test("createArchiveOrg() keeps one of many scans of an edition", () => {
  const docs = [
    item({ openlibrary_edition: "OL1M" }),
    item({ openlibrary_edition: "OL1M", identifier: "saltledger0001quil" }),
    item({ isbn: "9781402894633", identifier: "saltledger0002quil" }),
    item({ isbn: [], identifier: "saltledger0003quil" }),
    item({ isbn: [], identifier: "saltledger0004quil" }),
    { identifier: "untitled" },
    { title: "No identifier" },
    null,
  ];
  return answering([found(...docs)], async ({ find }) => {
    assertEquals(isbnsOf(await find()), ["9781402894626", "9781402894633", null, null]);
  });
});

Deno.test("createArchiveOrg() keeps queries short and free of operators", () =>
  answering([found()], async ({ find, arrived }) => {
    const samples = fc.sample(
      fc.record({ title: fc.string({ maxLength: 3000 }), author: fc.string({ maxLength: 900 }) }),
      60,
    );
    const long = { title: "a-b ".repeat(900), author: "Quill-".repeat(900) };
    for (const book of [...samples, long, { title: "?!".repeat(900), author: "" }]) {
      assertEquals(await find(book), { kind: "not_found" }, JSON.stringify(book));
    }
    for (const q of arrived.map(queryOf)) {
      assert(q.length < 1500, `${q.length} characters`);
      assertFalse(/\b(?:OR|NOT)\b|\*/.test(q.replaceAll(/\\.|"[^"]*"/g, "")), q);
    }
  }));

const says = (error: unknown) => Response.json({ error });

Deno.test("createArchiveOrg() turns every failure into a reason and, if known, a moment", async () => {
  const tooMany = new Response("slow down", { status: 429 });
  const table: readonly [Answer, UnavailableReason, string | null, number][] = [
    [says("[UNSUPPORTED_VALUE] q is too long"), "rejected_request", null, 1],
    [says("[INTERNAL] search backend is away"), "down", null, 2],
    [says({ code: 7 }), "down", null, 2],
    [htmlPage(403), "rejected_request", "2026-11-21T13:00:00.000Z", 1],
    [tooMany, "rate_limited", "2026-11-21T12:01:05.000Z", 2],
    [htmlPage(400), "rejected_request", null, 1],
    [htmlPage(404), "bad_answer", null, 1],
    [htmlPage(500), "down", null, 2],
    [htmlPage(503), "down", null, 2],
    [htmlPage(200), "bad_answer", null, 2],
    [new Response('{"response":{"docs":[{'), "bad_answer", null, 2],
    [Response.json({ response: {} }), "bad_answer", null, 1],
    [Response.json({}), "bad_answer", null, 1],
  ];
  for (const [answer, reason, until, calls] of table) {
    await answering([answer], async (bench) => {
      const said = await bench.find();
      assert(said.kind === "unavailable", JSON.stringify(said));
      assertEquals([said.reason, said.until?.toISOString() ?? null], [reason, until], said.message);
      assertEquals(bench.calls.length, calls, said.message);
    });
  }
});

Deno.test("createArchiveOrg() does not take a failed second search for nothing found", () =>
  answering([found(), says("[INTERNAL] x")], async ({ find }) => {
    assertEquals((await find()).kind, "unavailable");
  }));

Deno.test("createArchiveOrg() rejects only when its caller has aborted", () =>
  answering([found()], async ({ find }) => {
    const reason = new Error("cancelled");
    assertEquals(await assertRejects(() => find({}, AbortSignal.abort(reason))), reason);
  }));

Deno.test("createArchiveOrg() finds books of the simulator with one request each", () =>
  withSimulatedCatalogues({ service: "archive_org", make }, async ({ find, calls }) => {
    const books = [
      { title: "Gone Girl: A Novel", author: "Gillian Flynn", year: 2012 },
      { title: "The Racketeer", author: "Grisham, John", year: 2012 },
    ];
    for (const book of books) {
      const answer = await find({ ...book, month: null });
      const decision = decideMatch({ ...QUERY, ...book, month: null }, worksOf(answer));
      assertEquals(decision.kind, "found", book.title);
    }
    assertEquals(calls.length, books.length);
  }));

Deno.test("createArchiveOrg() survives every fault the simulator plays", () =>
  withSimulatedCatalogues({ service: "archive_org", make }, async ({ simulator, find, clock }) => {
    const book = { title: "Gone Girl", author: "Gillian Flynn", year: 2012 };
    simulator.faults.add({ service: "archive_org", kind: "503", times: 1 });
    assertEquals((await find(book)).kind, "candidates");
    const kinds = ["429", "403", "500", "503", "broken_json", "html", "error_body"] as const;
    for (const kind of kinds) {
      simulator.faults.clear();
      simulator.faults.add({ service: "archive_org", kind });
      assertEquals((await find(book)).kind, "unavailable", kind);
      clock.advance(86_400_000);
    }
    simulator.faults.clear();
    assertEquals((await find(book)).kind, "candidates");
  }));

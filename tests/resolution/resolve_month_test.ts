// About cascade.ts, check_isbns.ts
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Resolver, WorkCandidate } from "../../src/domain/matching/resolver.ts";
import { askCascade } from "../../src/resolution/cascade.ts";
import { checkIsbns, type UncheckedBook } from "../../src/resolution/check_isbns.ts";
import { createLog } from "../../src/log.ts";
import * as records from "../support/books/match_records.ts";
import { ISBN as ISBN_A, OTHER_ISBN as ISBN_B } from "../support/books/match_records.ts";
import { appTest } from "../support/service/test_app.ts";

const query = { ...records.QUERY, month: 3 };
const call = { signal: new AbortController().signal, onCall: () => {} };

function work(
  provider: Resolver["name"],
  { title = "The Salt Ledger", author = "Mara Quill", isbn13 = ISBN_A as string } = {},
): WorkCandidate {
  const published = { year: 2012, month: 3, day: null };
  const authors = author === "" ? [] : [author];
  return records.record(provider, { title, authors, isbn13, published, binding: "hardcover" });
}

/** A resolver in this process: the contract's own shape, answering as told and noting its calls. */
function resolver(
  name: Resolver["name"],
  answer: (signal: AbortSignal) => ReturnType<Resolver["find"]>,
): Resolver & { readonly asked: { count: number } } {
  const asked = { count: 0 };
  return {
    name,
    asked,
    find(_, { signal }) {
      asked.count++;
      return answer(signal);
    },
  };
}

const knows = (name: Resolver["name"]) =>
  resolver(name, () => Promise.resolve({ kind: "candidates", works: [work(name)] }));
const knowsNothing = (name: Resolver["name"]) =>
  resolver(name, () => Promise.resolve({ kind: "not_found" }));
const isDown = (name: Resolver["name"]) =>
  resolver(
    name,
    () =>
      Promise.resolve({ kind: "unavailable", reason: "down", until: null, message: "no answer" }),
  );
const hangs = (name: Resolver["name"]) =>
  resolver(
    name,
    (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );

Deno.test("askCascade() stops at the first safe decision and calls off the rest of the tier", async () => {
  const [quick, slow, paid] = [knows("open_library"), hangs("archive_org"), knows("isbndb")];
  const { decision, unavailable } = await askCascade(query, {
    tiers: [[quick, slow], [paid]],
    known: [],
    call,
    onAnswer: () => {},
  });
  assertEquals(decision.kind, "found");
  assertEquals([slow.asked.count, paid.asked.count, unavailable.length], [1, 0, 0]);
});

Deno.test("askCascade() goes on to the next tier with what is left, and hears every answer", async () => {
  const answers: string[] = [];
  const { decision } = await askCascade(query, {
    tiers: [[knowsNothing("open_library"), isDown("wikidata")], [knows("isbndb")]],
    known: [],
    call,
    onAnswer: ({ provider }) => void answers.push(provider),
  });
  assertEquals(decision.kind, "found");
  assertEquals(answers, ["open_library", "isbndb"]);
});

Deno.test("askCascade() tells who was silent when nothing is safe", async () => {
  const { decision, unavailable } = await askCascade(query, {
    tiers: [[knowsNothing("open_library"), isDown("wikidata")], [isDown("isbndb")]],
    known: [],
    call,
    onAnswer: () => {},
  });
  assertEquals(decision.kind, "not_found");
  assertEquals(unavailable.map(({ provider }) => provider), ["wikidata", "isbndb"]);
});

Deno.test("askCascade() asks nobody again whose answer is known", async () => {
  const asked = knows("open_library");
  const { decision } = await askCascade(query, {
    tiers: [[asked], [knowsNothing("isbndb")]],
    known: [{ provider: "open_library", works: [work("open_library")] }],
    call,
    onAnswer: () => {},
  });
  assertEquals([decision.kind, asked.asked.count], ["found", 0]);
});

async function checkAgainst(record: WorkCandidate | null): Promise<string> {
  const { decision } = await askCascade(query, {
    tiers: [[knows("open_library")]],
    known: [],
    call,
    onAnswer: () => {},
  });
  assert(decision.kind === "found");
  const candidate = { ...query, named_by: ["gemini" as const] };
  const book: UncheckedBook = { candidate, decision };
  const checked = await checkIsbns({ ...call, log: createLog() }, {
    books: [book],
    checker: {
      name: "isbndb",
      checkIsbns: () =>
        Promise.resolve(
          record === null
            ? { kind: "not_found" as const }
            : { kind: "candidates" as const, works: [record] },
        ),
    },
  });
  const after = checked?.get(book)?.decision;
  if (after === undefined) return "unchanged";
  return after.kind === "ambiguous"
    ? after.reason
    : `${after.kind} by ${after.kind === "found" ? after.providers.join("+") : "nobody"}`;
}

Deno.test("checkIsbns() lets a record of the same book join the decision", async () => {
  const record = work("isbndb", { title: "Salt Ledger: A Novel", author: "Quill, Mara" });
  assertEquals(await checkAgainst(record), "found by isbndb+open_library");
});

Deno.test("checkIsbns() makes an ISBN that belongs to another book ambiguous", async () => {
  const record = work("isbndb", { title: "Winter Arithmetic", author: "Tomas Breck" });
  assertMatch(
    await checkAgainst(record),
    /knows 9781402894626 as "Winter Arithmetic" by Tomas Breck/,
  );
});

Deno.test("checkIsbns() believes nothing of a record without authors, or of none", async () => {
  const record = work("isbndb", { title: "Winter Arithmetic", author: "" });
  assertEquals(await checkAgainst(record), "found by open_library");
  assertEquals(await checkAgainst(work("isbndb", { isbn13: ISBN_B })), "unchanged");
  assertEquals(await checkAgainst(null), "unchanged");
});

appTest("a month shows its ISBNs to ISBNdb in one request", async (service) => {
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.call("/api/internal/schedule-backfill", { batch_size: 3 });
  await service.settled();
  const batches = service.simulator.journal.entries({ service: "isbndb" })
    .filter(({ method, status }) => method === "POST" && status === 200);
  assertEquals(batches.length, 3);
  const [row] = await service.sql`SELECT count(*)::int AS checked FROM resolution
    WHERE decision -> 'providers' ? 'isbndb'`;
  assert(row!.checked > 20, `${row!.checked} decisions carry ISBNdb's word`);
});

appTest(
  "a book the database holds is not asked about, whatever year it is named for",
  async (service) => {
    await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
    await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
    await service.settled();
    const before = service.simulator.journal.count({ service: "open_library" });
    // The same books, named for another month of another year.
    await service.sql`INSERT INTO backfill_log (year, month) VALUES (2013, 1)`;
    await service.sql`INSERT INTO generation (month_id, job_id, generator, model, prompt_variant,
      prompt_version, prompt_hash, answer, finish, created_at)
    SELECT (SELECT id FROM backfill_log WHERE year = 2013), job_id, generator, model, prompt_variant,
      prompt_version, ${await promptHash()}, answer, finish, now() FROM generation`;
    await service.call("/api/internal/schedule-backfill", {
      batch_size: 1,
      year_range: { start: 2013, end: 2013 },
    });
    await service.settled();
    assertEquals(service.simulator.journal.count({ service: "open_library" }), before);
    const [month] = await service.sql`
    SELECT books_generated, isbns_resolved, isbns_queued FROM backfill_log WHERE year = 2013`;
    assertEquals({ ...month }, { books_generated: 3, isbns_resolved: 3, isbns_queued: 0 });
  },
);

async function promptHash(): Promise<string> {
  const { buildPrompt } = await import("../../src/domain/generation/prompt.ts");
  return buildPrompt({ month: { year: 2013, month: 1 }, variant: "baseline", maxBooks: 20 }).hash;
}

// About finding_store.ts
import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { parseBookList } from "../../src/domain/answers/parse_book_list.ts";
import { createFindingStore } from "../../src/resolution/finding_store.ts";
import { systemClock } from "../../src/clock.ts";
import { databaseTest } from "../support/postgres/databases.ts";

Deno.test("parseBookList() leaves out what no database can store", () => {
  const list = parseBookList(
    String
      .raw`{"books":[{"title":"Bad \ud800 Surrogate \u0000","author":"Some \udc00One","month":3}]}`,
    { maxBooks: 20 },
  );
  assertEquals(list.kind === "books" && list.books, [
    { title: "Bad Surrogate", author: "Some One", month: 3, ...NO_SERIES },
  ]);
  const refusal = parseBookList(String.raw`{"error":"I can\u0000not \ud800"}`, { maxBooks: 20 });
  assertEquals(refusal, { kind: "refusal", message: "I can not" });
});

databaseTest("a finding that cannot be stored takes no other with it", async (database) => {
  const store = createFindingStore({ database, clock: systemClock });
  const finding = (key: string) => ({
    key,
    job_id: crypto.randomUUID(),
    evidence: { provider: "isbndb" as const, works: [], keep_seconds: 60 },
    resolution: null,
  });
  // Hardly to be compressed, so that no index has room for it.
  const tooLarge = Array.from({ length: 200 }, () => crypto.randomUUID()).join(" ");
  const results = await Promise.allSettled([
    store.store(finding("first")),
    store.store(finding("good")),
    store.store(finding(tooLarge)),
    store.store(finding("better")),
  ]);
  assertEquals(results.map(({ status }) => status), [
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  assertMatch(String((results[2] as PromiseRejectedResult).reason), /index row size/);
  const rows = await database.sql`SELECT resolution_key FROM evidence ORDER BY 1`;
  assertEquals(rows.map(({ resolution_key }) => resolution_key), ["better", "first", "good"]);
});

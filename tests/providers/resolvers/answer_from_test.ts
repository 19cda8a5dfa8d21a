import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../../src/errors.ts";
import { answerFrom } from "../../../src/providers/resolvers/answer_from.ts";
import { work } from "../../support/books/match_records.ts";

const context = { signal: new AbortController().signal, onCall: () => {} };

const WORK = work({ provider: "wikidata", provider_key: "Q1", authors: [] });

Deno.test("answerFrom() tells candidates from nothing", async () => {
  assertEquals(await answerFrom(() => Promise.resolve([WORK]), context), {
    kind: "candidates",
    works: [WORK],
  });
  assertEquals(await answerFrom(() => Promise.resolve([]), context), { kind: "not_found" });
});

Deno.test("answerFrom() keeps a provider's fault apart from nothing found", async () => {
  const until = new Date("2026-11-22T00:00:00Z");
  const failing = () =>
    Promise.reject(new AppError("PROVIDER_QUOTA_SPENT", "no quota left", { retryAt: until }));
  assertEquals(await answerFrom(failing, context), {
    kind: "unavailable",
    reason: "quota_spent",
    until,
    message: "no quota left",
  });
});

Deno.test("answerFrom() rejects for this program's faults and for an aborted caller", async () => {
  const bug = new TypeError("x is undefined");
  assertEquals(await assertRejects(() => answerFrom(() => Promise.reject(bug), context)), bug);
  const reason = new Error("cancelled");
  const aborted = { ...context, signal: AbortSignal.abort(reason) };
  const failing = () => Promise.reject(new AppError("PROVIDER_TIMEOUT", "too slow"));
  assertEquals(await assertRejects(() => answerFrom(failing, aborted)), reason);
});

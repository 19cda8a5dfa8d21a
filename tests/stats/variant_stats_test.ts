import { assertEquals, assertGreater } from "@std/assert";
import { readTotals } from "../../src/database/stats/backfill_totals.ts";
import { readCosts } from "../../src/stats/cost_summary.ts";
import { readVariantStats } from "../../src/stats/variant_stats.ts";
import { appTest } from "../support/service/test_app.ts";

appTest("readVariantStats() tells the months made by their variant", async (service) => {
  const { call, settled, sql, simulator } = service;
  simulator.faults.add({ service: "gemini", kind: "unknown_titles", month: "2012-03" });
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  const make = async (months: string[], prompt_variant: string): Promise<void> => {
    const { status } = await call("/api/internal/schedule-backfill", { months, prompt_variant });
    assertEquals(status, 200);
    await settled();
  };
  await make(["2012-03"], "genre-rotation");
  await make(["2012-04", "2012-05"], "baseline");

  const { experiments, months } = await readVariantStats(sql);
  assertEquals(experiments, []);
  assertEquals(months.map(({ prompt_variant, months }) => [prompt_variant, months]), [
    ["baseline", 2],
    ["genre-rotation", 1],
  ]);
  const [real, madeUp] = months;
  assertGreater(real!.in_month, real!.resolved / 2);
  assertEquals([madeUp!.resolved, madeUp!.usd_per_resolved], [0, null]);
  assertGreater(madeUp!.invented, 0.8 * madeUp!.books);
  for (const { resolved, in_month, in_year, elsewhere, undated } of months) {
    assertEquals(in_month + in_year + elsewhere + undated, resolved);
  }

  const sum = (field: "books" | "resolved" | "tokens"): number => real![field] + madeUp![field];
  const totals = await readTotals(sql);
  assertEquals(sum("books"), totals.total_books_generated);
  assertEquals(sum("resolved"), totals.total_isbns_resolved);
  const costs = await readCosts(sql, { months: 3, books: sum("resolved") });
  const { input, output, thinking } = costs.tokens;
  assertEquals(sum("tokens"), input + output + thinking);
  assertEquals(
    Math.round(1e6 * (real!.cost_usd + madeUp!.cost_usd)),
    Math.round(1e6 * costs.total_usd),
  );
});

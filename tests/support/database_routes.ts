import { assertEquals } from "@std/assert";
import type { Answer } from "./test_app.ts";

type Call = (path: string, body?: unknown) => Promise<Answer>;

const READING: readonly [path: string, body?: unknown][] = [
  ["/api/internal/backfill-stats"],
  ["/api/internal/variant-stats"],
  ["/api/internal/explain?about=2012-03"],
  ["/api/internal/schedule-backfill", { dry_run: true }],
];
const WRITING: readonly [path: string, body?: unknown][] = [
  ["/api/internal/schedule-backfill", { batch_size: 1 }],
  ["/api/internal/seed-backfill-queue", { year_start: 1950, year_end: 1999 }],
  ["/api/internal/runs/1/cost-cap", { max_cost_usd: 1 }],
];

/** Fails unless every route that needs the database answers 503 with what `/readyz` says. */
export async function assertAllSay(call: Call, code: string): Promise<string> {
  const { status, body: ready } = await call("/readyz");
  assertEquals([status, ready.status, ready.code], [503, "not ready", code]);
  for (const [path, body] of [...READING, ...WRITING]) {
    const answer = await call(path, body);
    assertEquals([path, answer.status], [path, 503], JSON.stringify(answer.body));
    assertEquals(answer.body, { error: ready.error, code });
  }
  return ready.error;
}

import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import type { BackfillStats } from "../../src/stats/backfill_stats.ts";
import { inherited } from "../support/service_process.ts";

interface DemoRun {
  readonly code: number;
  readonly stats: BackfillStats;
  readonly stderr: string;
}

const ROOT = new URL("../../", import.meta.url);

/** Runs the demo's command as it stands in deno.json, with its data in `folder`. */
async function demo(folder: string, ...args: string[]): Promise<DemoRun> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "demo", "--exit", "--json", "--port", "0", ...args],
    cwd: ROOT,
    clearEnv: true,
    env: { ...inherited(), DATA_DIR: folder },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const lastLine = decode(stdout).trimEnd().split("\n").at(-1) ?? "";
  return { code, stats: JSON.parse(lastLine || "null"), stderr: decode(stderr) };
}

Deno.test("the demo runs twelve months of real books with no keys and no server", async () => {
  const folder = `.data/test-${crypto.randomUUID()}`;
  const { code, stats, stderr } = await demo(folder, "--months", "12");
  assertEquals(code, 0, stderr);
  assertEquals(stats.by_status.completed, 12);
  assertGreater(stats.progress.total_isbns_resolved, 120);
  for (const month of stats.recent_activity) {
    assertEquals(month.year, 2012);
    assert(month.isbns_queued <= month.isbns_resolved);
    assert(month.isbns_resolved <= month.books_generated);
  }
  assertMatch(stderr, /X-Cron-Secret/);

  const more = await demo(folder, "--months", "14", "--keep");
  assertEquals(more.code, 0, more.stderr);
  assertEquals(more.stats.by_status.completed, 14);
  await Deno.remove(new URL(folder, ROOT), { recursive: true });
});

import { assertEquals, assertMatch } from "@std/assert";
import { commandTest } from "../support/service/commands.ts";

commandTest(
  "deno task cost-cap raises the cap of a run, or says what is wrong",
  async ({ call, quiet, settled, sql }, run) => {
    await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
    const capped = { batch_size: 1, max_cost_usd: 0 };
    const { body: { run_id } } = await call("/api/internal/schedule-backfill", capped);
    await quiet();

    const kept = await run("cost-cap", "--run", String(run_id), "--max-cost", "0");
    assertMatch(kept.stdout, /only a higher cap lets it go on/);
    const raised = await run("cost-cap", "--run", String(run_id), "--max-cost", "1.5");
    assertEquals(raised, {
      code: 0,
      stdout: `Run ${run_id} may cost $1.50, of which $0.00 are spent or reserved; ` +
        "the backfill goes on\n",
      stderr: "",
    });
    const unknown = await run("cost-cap", "--run", "99", "--max-cost", "1");
    assertEquals([unknown.code, unknown.stdout], [1, ""]);
    assertMatch(unknown.stderr, /^No run 99/);
    const tooMuch = await run("cost-cap", "--run", "1", "--max-cost", "1000000");
    assertMatch(tooMuch.stderr, /--max-cost must be an amount in US dollars up to 999999/);
    assertMatch((await run("cost-cap")).stderr, /^Say which: --run N --max-cost USD$/m);

    await settled();
    const [row] = await sql`SELECT status FROM backfill_log WHERE status <> 'pending'`;
    assertEquals(row?.status, "completed");
  },
);

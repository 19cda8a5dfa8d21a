import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { scheduleScreen } from "../../src/cli/screens/render_schedule.ts";
import { besideService, commandsIn } from "../support/service/commands.ts";
import { freePort } from "../support/network/free_port.ts";
import { withApp, withPlace } from "../support/service/test_app.ts";

Deno.test({
  name: "deno task schedule asks the service, and looks itself only for a dry run",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("embedded", async (place) => {
      await withApp(place, async (service) => {
        const years = { year_start: 2012, year_end: 2012 };
        await service.call("/api/internal/seed-backfill-queue", years);
        await besideService(service, async (run) => {
          const dry = await run("schedule", "--dry-run", "--batch", "2");
          assertEquals(dry.code, 0, dry.stderr);
          assertStringIncludes(dry.stdout, "Would start 2 months: 2012-12, 2012-11");
          assertMatch(dry.stdout, /Forecast: \d+ books, \d+ calls, cost about \$0\.\d+/);
          const months = ["--months", "2012-01..2012-02", "--variant", "genre-rotation"];
          const real = await run("schedule", ...months, "--json");
          assertEquals(real.code, 0, real.stderr);
          assertEquals(JSON.parse(real.stdout).execution_summary.triggered, 2);
          await service.settled();
          const [row] = await service.sql`
            SELECT count(*)::int AS count FROM backfill_log
            WHERE status = 'completed' AND prompt_variant = 'genre-rotation'`;
          assertEquals(row!.count, 2);
        });
      });
      const alone = commandsIn(place, { PORT: String(freePort()) });
      const named = await alone("schedule", "--rerun");
      assertMatch(named.stderr, /^--rerun needs --months, a list/);
      const afresh = await alone("schedule", "--ask-afresh");
      assertMatch(afresh.stderr, /^--ask-afresh needs --rerun or --stale$/m);
      const dry = await alone("schedule", "--dry-run", "--batch", "1");
      assertStringIncludes(dry.stdout, "Would start 1 month: 2012-12");
      const real = await alone("schedule", "--batch", "1");
      assertEquals([real.code, real.stdout], [1, ""]);
      assertMatch(real.stderr, /Nothing answers at .*start it with deno task start/);
    }),
});

Deno.test("scheduleScreen() says what is not known about the cost", () => {
  const screen = scheduleScreen({
    dry_run: true,
    batch_size: 1,
    months_selected: 1,
    months: [{ year: 2012, month: 3, status: "retry" }],
    total_pending: 0,
    total_processing: 0,
    total_completed: 12,
    total_failed: 0,
    notes: ["A note.", 'Left out 2012-04: failed; ask for it with "force_retry": true'],
    forecast: {
      months: 1,
      books: 12,
      calls: { gemini: 1, open_library: 14, isbndb: 0 },
      cost_usd: 0.002,
      unpriced_models: ["llama"],
      basis: "12 completed months",
    },
  });
  assertEquals(screen.split("\n"), [
    "Would start 1 month: 2012-03 (retry)",
    "Forecast: 12 books, 15 calls, cost about $0.0020, and what llama takes, whose price is not known " +
    "(set MODEL_PRICES)",
    "  open_library 14, gemini 1",
    "  based on: 12 completed months",
    "A note.",
    "Left out 2012-04: failed; ask for it with --force-retry",
  ]);
});

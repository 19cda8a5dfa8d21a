import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { scheduleScreen } from "../../src/cli/screens/render_schedule.ts";
import { type EndedScript, runScript } from "../support/run_script.ts";
import { type TestPlace, withApp, withPlace } from "../support/test_app.ts";

/** Runs `deno task schedule` as an operator would. */
function schedule(
  { environment }: TestPlace,
  { args, port }: { args: readonly string[]; port: number },
): Promise<EndedScript> {
  const env = { ...environment, HOST: "127.0.0.1", PORT: String(port) };
  return runScript("src/cli/schedule.ts", { args, env });
}

/** A port where nothing listens. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

Deno.test({
  name: "deno task schedule asks the service, and looks itself only for a dry run",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("embedded", async (place) => {
      await withApp(place, async (service) => {
        await service.call("/api/internal/seed-backfill-queue", {
          year_start: 2012,
          year_end: 2012,
        });
        const server = Deno.serve(
          { hostname: "127.0.0.1", port: 0, onListen: () => {} },
          (request) => service.app.fetch(request),
        );
        const { port } = server.addr;
        const dry = await schedule(place, { args: ["--dry-run", "--batch", "2"], port });
        assertEquals(dry.code, 0, dry.stderr);
        assertStringIncludes(dry.stdout, "Would start 2 months: 2012-12, 2012-11");
        assertMatch(dry.stdout, /Forecast: \d+ books, \d+ calls, cost about \$0\.\d+/);
        const real = await schedule(place, {
          args: ["--months", "2012-01..2012-02", "--variant", "genre-rotation", "--json"],
          port,
        });
        assertEquals(real.code, 0, real.stderr);
        assertEquals(JSON.parse(real.stdout).execution_summary.triggered, 2);
        await service.settled();
        const [row] = await service.sql`
          SELECT count(*)::int AS count FROM backfill_log
          WHERE status = 'completed' AND prompt_variant = 'genre-rotation'`;
        assertEquals(row!.count, 2);
        await server.shutdown();
      });
      const named = await schedule(place, { args: ["--rerun"], port: freePort() });
      assertMatch(named.stderr, /^--rerun needs --months, a list/);
      const afresh = await schedule(place, { args: ["--ask-afresh"], port: freePort() });
      assertMatch(afresh.stderr, /^--ask-afresh needs --rerun or --stale$/m);
      const port = freePort();
      const dry = await schedule(place, { args: ["--dry-run", "--batch", "1"], port });
      assertStringIncludes(dry.stdout, "Would start 1 month: 2012-12");
      const real = await schedule(place, { args: ["--batch", "1"], port });
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

import { assertEquals, assertMatch } from "@std/assert";
import { runScript } from "../support/run_script.ts";
import { withApp, withPlace } from "../support/test_app.ts";

Deno.test({
  name: "deno task cost-cap raises the cap of a run, or says what is wrong",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("embedded", (place) =>
      withApp(place, async (service) => {
        await service.call("/api/internal/seed-backfill-queue", {
          year_start: 2012,
          year_end: 2012,
        });
        const { body } = await service.call("/api/internal/schedule-backfill", {
          batch_size: 1,
          max_cost_usd: 0,
        });
        await service.quiet();
        const server = Deno.serve(
          { hostname: "127.0.0.1", port: 0, onListen: () => {} },
          (request) => service.app.fetch(request),
        );
        const env = { ...place.environment, PORT: String(server.addr.port) };
        const costCap = (...args: string[]) => runScript("src/cli/cost_cap.ts", { args, env });

        const kept = await costCap("--run", String(body.run_id), "--max-cost", "0");
        assertMatch(kept.stdout, /only a higher cap lets it go on/);
        const raised = await costCap("--run", String(body.run_id), "--max-cost", "1.5");
        assertEquals([raised.code, raised.stderr], [0, ""]);
        assertEquals(
          raised.stdout,
          `Run ${body.run_id} may cost $1.50, of which $0.00 are spent or reserved; ` +
            "the backfill goes on\n",
        );
        const unknown = await costCap("--run", "99", "--max-cost", "1");
        assertEquals([unknown.code, unknown.stdout], [1, ""]);
        assertMatch(unknown.stderr, /^No run 99/);
        const tooMuch = await costCap("--run", "1", "--max-cost", "1000000");
        assertMatch(tooMuch.stderr, /--max-cost must be an amount in US dollars up to 999999/);
        assertMatch((await costCap()).stderr, /^Say which: --run N --max-cost USD$/m);

        await service.settled();
        const [row] = await service.sql`
          SELECT status FROM backfill_log WHERE status <> 'pending'`;
        assertEquals(row?.status, "completed");
        await server.shutdown();
      })),
});

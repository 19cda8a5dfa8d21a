import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { openServerDatabase } from "../../src/database/server/server_database.ts";
import { TEST_DATABASE_URL } from "../support/postgres/databases.ts";
import { startService } from "../support/service/service_process.ts";
import { withApp, withPlace } from "../support/service/test_app.ts";

Deno.test({
  name: "the service makes up for a missed tick, and logs crons that fail as JSON [server]",
  ignore: TEST_DATABASE_URL === null,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("server", async (place) => {
      // Migrates and seeds, and then the service is away for two days.
      await withApp(place, async ({ call, sql }) => {
        await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
        await sql`INSERT INTO cron_run (task, ran_at) VALUES ('tick', now() - interval '2 days')`;
      });
      const watch = await openServerDatabase(place.environment.DATABASE_URL!, {
        maxConnections: 1,
      });
      const now = systemClock.now();
      const service = await startService(place, {
        settings: {
          // Neither near nor just over, whenever the test runs.
          TICK_CRON: `${now.getUTCMinutes()} ${(now.getUTCHours() + 12) % 24} * * *`,
          TICK_BATCH_SIZE: "1",
        },
      });
      const rows = async (where: string): Promise<number> =>
        (await watch.sql.unsafe(`SELECT 1 FROM ${where}`)).length;
      const until = async (where: string): Promise<void> => {
        while (await rows(where) === 0) await systemClock.sleep(200);
      };
      await until("run WHERE started_by = 'tick'");
      await until("backfill_log WHERE status = 'completed'");
      // What the next rescue stumbles over; the one after that is well again.
      await watch.sql`ALTER TABLE cron_run RENAME TO cron_run_away`;
      await systemClock.sleep(65_000 - systemClock.now().getTime() % 60_000);
      await watch.sql`ALTER TABLE cron_run_away RENAME TO cron_run`;
      await watch.close();
      service.kill("SIGTERM");
      const { code, stderr } = await service.ended();
      const events = stderr.split("\n").map((line) => JSON.parse(line));
      const named = (event: string) => events.filter((each) => each.event === event);
      assertEquals([code, named("tick_made_up").length], [0, 1], stderr);
      assert(named("cron_failed").length > 0, stderr);
    }),
});

import { assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { TEST_DATABASE_URL } from "../support/postgres/databases.ts";
import { assertAllSay } from "../support/service/database_routes.ts";
import { startTcpProxy } from "../support/network/tcp_proxy.ts";
import { type TestApp, withApp, withPlace } from "../support/service/test_app.ts";

const OUTAGE_MS = 3_000;
const MONTHS = 12;
const latency = { open_library: { min_ms: 20, max_ms: 60 }, gemini: { min_ms: 50, max_ms: 200 } };

/** More at once than the pool has connections, so that each of them is asked. */
const QUESTIONS = 24;

/** True when all connections work, and the service has seen it. */
async function isWhole({ sql, call }: TestApp): Promise<boolean> {
  const answers = await Promise.allSettled(
    Array.from({ length: QUESTIONS }, async () => await sql`SELECT 1`),
  );
  return answers.every(({ status }) => status === "fulfilled") &&
    (await call("/readyz")).status === 200;
}

Deno.test({
  name: "a database that goes away is reported, and the months go on when it is back [server]",
  ignore: TEST_DATABASE_URL === null,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace("server", async (place) => {
      const url = new URL(place.environment.DATABASE_URL!);
      const proxy = startTcpProxy({ hostname: url.hostname, port: Number(url.port || 5432) });
      url.port = String(proxy.port);
      const environment = { ...place.environment, DATABASE_URL: url.href };
      await withApp({ ...place, environment }, async (service) => {
        const { call, settled, sql } = service;
        await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
        await call("/api/internal/schedule-backfill", { batch_size: MONTHS });
        // In the middle of the work: some months are being looked up, others have not begun.
        while (place.simulator.journal.count({ service: "open_library" }) === 0) {
          await systemClock.sleep(5);
        }
        proxy.cut();
        // What was seen a moment before the cut may be told for another second.
        while ((await call("/readyz")).status === 200) await systemClock.sleep(20);
        const sentence = await assertAllSay(call, "DATABASE_UNREACHABLE");
        assertStringIncludes(sentence, "cannot work at present");
        await systemClock.sleep(OUTAGE_MS);
        proxy.mend();
        // Connections lost at the end of the outage refuse for a second what they are given.
        while (!await isWhole(service)) await systemClock.sleep(50);
        await settled();
        const months = await sql`SELECT status, retry_count FROM backfill_log`;
        assertEquals(
          months.map((month) => ({ ...month })),
          Array.from({ length: MONTHS }, () => ({ status: "completed", retry_count: 0 })),
          JSON.stringify(
            await sql`SELECT outcome, error_code, error_message FROM backfill_attempt
            WHERE outcome <> 'completed'`,
          ),
        );
      });
      proxy.close();
    }, { latency }),
});

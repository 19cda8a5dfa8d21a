import { assert, assertEquals } from "@std/assert";
import { type Clock, systemClock } from "../../src/clock.ts";
import { placeTest, type TestApp, withApp } from "../support/service/test_app.ts";

const HOUR_MS = 3_600_000;
const SNOOZE_SECONDS = 120;
/** The spread of months that wait for the same obstacle, and of what a provider is held back for. */
const LONGEST_SECONDS = SNOOZE_SECONDS * 1.2;

/** The clock of a machine that is wrong; the database has its own. */
function wrongClock(byMs: number): Clock {
  return { ...systemClock, now: () => new Date(systemClock.now().getTime() + byMs) };
}

/** How much longer the month and its generator have to wait, in seconds by the database's clock. */
async function waits({ sql }: TestApp): Promise<{ month: number; provider: number }> {
  const [row] = await sql<{ month: number; provider: number }[]>`
    SELECT extract(epoch FROM next_attempt_at - now())::float8 AS month,
      (SELECT extract(epoch FROM open_until - now())::float8 FROM provider_health
        WHERE provider = 'gemini' AND state = 'open') AS provider
    FROM backfill_log WHERE status = 'retry'`;
  return row!;
}

for (const [name, byMs] of [["fast", HOUR_MS], ["slow", -HOUR_MS]] as const) {
  placeTest(
    `months and providers wait as long for a process whose clock is an hour ${name}`,
    async (place) => {
      place.simulator.faults.add({
        service: "gemini",
        kind: "429",
        retry_after_seconds: SNOOZE_SECONDS,
      });
      const clock = wrongClock(byMs);
      await withApp(place, async (service) => {
        await service.call("/api/internal/seed-backfill-queue", {
          year_start: 2012,
          year_end: 2012,
        });
        await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
        await service.quiet();
        const { month, provider } = await waits(service);
        assert(month > 0 && month <= LONGEST_SECONDS, `the month waits ${month} s`);
        assert(provider > 0 && provider <= LONGEST_SECONDS, `the provider waits ${provider} s`);
      }, { clock });
      // Another process, whose clock is right, is told of the same obstacle.
      const asked = place.simulator.journal.count({ service: "gemini" });
      await withApp(place, async (service) => {
        await service.sql`UPDATE backfill_log SET next_attempt_at = now() WHERE status = 'retry'`;
        await service.app.rescue();
        await service.quiet();
        const { month } = await waits(service);
        assert(month > 0 && month <= LONGEST_SECONDS, `the month waits ${month} s`);
        assertEquals(place.simulator.journal.count({ service: "gemini" }), asked);
      });
    },
    { settings: { SNOOZE_SECONDS: String(SNOOZE_SECONDS), GEMINI_RATE_PER_SECOND: "50" } },
  );
}

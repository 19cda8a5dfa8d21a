// About ask_generator.ts
import { assertEquals, assertMatch } from "@std/assert";
import { MAX_ATTEMPTS } from "../../src/domain/months/month_state.ts";
import { shiftedClock } from "../support/shifted_clock.ts";
import { appTest } from "../support/service/test_app.ts";

const clock = shiftedClock();

appTest(
  "waiting for a model that is away pays another's unusable answers as often as attempts would",
  async (service) => {
    const { faults, journal } = service.simulator;
    async function afterAnHour() {
      clock.put(new Date(clock.now().getTime() + 3_600_000).toISOString());
      await service.app.rescue();
      await service.quiet();
      const [month] = await service.sql`
        SELECT status, retry_count, error_message FROM backfill_log WHERE status <> 'pending'`;
      return month!;
    }
    faults.add({ service: "gemini", kind: "503" });
    faults.add({ service: "xai", kind: "bad_content" });
    await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
    await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
    await service.quiet();
    for (let hours = 1; hours <= 6; hours++) await afterAnHour();
    assertEquals(journal.count({ service: "xai" }), MAX_ATTEMPTS);
    const waiting = await afterAnHour();
    assertEquals([waiting.status, waiting.retry_count], ["retry", 0]);
    assertMatch(waiting.error_message, /xai has answered 5 times what nobody can use/);

    // Nobody waits for Gemini any more: that spends an attempt, and the next one asks Grok again.
    faults.clear();
    faults.add({ service: "gemini", kind: "key_refused" });
    const spent = await afterAnHour();
    assertEquals([spent.status, spent.retry_count], ["retry", 1]);
    const done = await afterAnHour();
    assertEquals([done.status, journal.count({ service: "xai" })], ["completed", MAX_ATTEMPTS + 1]);
  },
  { settings: { GENERATORS: "gemini,xai", SNOOZE_SECONDS: "3600" }, clock },
);

import { assertEquals, assertGreater } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { simulatorSettings } from "../../src/simulator/simulator_settings.ts";
import { sampleHealth } from "../support/health_sampling.ts";
import { startLengtheningProxy } from "../support/lengthening_proxy.ts";
import { startService } from "../support/service_process.ts";
import { placeTest } from "../support/test_app.ts";

const MONTHS = 48;
const RECORDS = 10_000;

placeTest(`${RECORDS} records for one book hold up nothing`, async (place) => {
  await using proxy = startLengtheningProxy(place.simulator.url, { records: RECORDS });
  const service = await startService(place, { settings: simulatorSettings(proxy.url) });
  const sampling = await sampleHealth(service.url);
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2015 });
  await service.call("/api/internal/schedule-backfill", { batch_size: MONTHS });
  let statuses: Record<string, number> = {};
  while (statuses.completed !== MONTHS && (statuses.failed ?? 0) === 0) {
    await systemClock.sleep(250);
    const { body } = await service.call("/api/internal/backfill-stats");
    statuses = (body as { by_status: Record<string, number> }).by_status;
  }
  await sampling.report(`${place.kind}: ${proxy.lengthened()} long lists`);
  assertEquals(statuses.completed, MONTHS);
  assertGreater(proxy.lengthened(), 0);
  service.kill("SIGTERM");
  const { code, stderr } = await service.ended();
  assertEquals([code, stderr.match(/"event":"(claim_lost|outcome_not_written)"/g)], [0, null]);
});

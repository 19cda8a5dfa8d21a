import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { sampleHealth } from "../support/health_sampling.ts";
import { startService } from "../support/service_process.ts";
import { stall } from "../support/stalling_clients.ts";
import { placeTest } from "../support/test_app.ts";

const CLIENTS = 2_000;
const OPEN_FILES = 1_024;
const MONTHS = 48;

placeTest(
  `${CLIENTS} stalling clients and ${OPEN_FILES} open files stop no month`,
  async (place) => {
    const service = await startService(place, { openFiles: OPEN_FILES });
    const ended = new AbortController();
    const stalling = stall(service.url, { clients: CLIENTS, signal: ended.signal });
    const sampling = await sampleHealth(service.url);
    await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2015 });
    await service.call("/api/internal/schedule-backfill", { batch_size: MONTHS });

    let statuses: Record<string, number> = {};
    while (statuses.completed !== MONTHS && (statuses.failed ?? 0) === 0) {
      await systemClock.sleep(250);
      const { body } = await service.call("/api/internal/backfill-stats");
      statuses = (body as { by_status: Record<string, number> }).by_status;
    }
    await sampling.report(`${place.kind}, ${CLIENTS} stalling clients`);
    assertEquals(statuses.completed, MONTHS);

    // They go on while the service ends.
    service.kill("SIGTERM");
    const { code, stderr } = await service.ended();
    ended.abort();
    await stalling;
    assertEquals(code, 0, stderr);
    assertEquals(stderr.split("\n").filter((line) => line.includes('"request_failed"')), []);
  },
  { settings: { MONTH_CONCURRENCY: "4" } },
);

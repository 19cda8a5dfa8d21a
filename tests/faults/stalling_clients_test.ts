import { assertEquals } from "@std/assert";
import { writeLine } from "../../src/cli/exit_on_error.ts";
import { systemClock } from "../../src/clock.ts";
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
    await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2015 });
    await service.call("/api/internal/schedule-backfill", { batch_size: MONTHS });

    const answeredMs: number[] = [];
    let statuses: Record<string, number> = {};
    while (statuses.completed !== MONTHS && (statuses.failed ?? 0) === 0) {
      for (let i = 0; i < 20; i++) {
        const askedMs = systemClock.monotonicMs();
        const response = await fetch(`${service.url}/healthz`, {
          headers: { connection: "close" },
        });
        assertEquals(await response.json(), { status: "ok" });
        answeredMs.push(systemClock.monotonicMs() - askedMs);
        await systemClock.sleep(25);
      }
      const { body } = await service.call("/api/internal/backfill-stats");
      statuses = (body as { by_status: Record<string, number> }).by_status;
    }
    const sorted = answeredMs.toSorted((a, b) => a - b);
    const at = (share: number): string => sorted[Math.floor(share * sorted.length)]!.toFixed(1);
    writeLine(
      `${place.kind}: /healthz ${sorted.length} times, median ${at(0.5)} ms, p99 ${at(0.99)} ms, ` +
        `longest ${sorted.at(-1)!.toFixed(1)} ms`,
    );
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

import { assertEquals } from "@std/assert";
import { sampleHealth } from "../support/service/health_sampling.ts";
import { BUSY_MONTHS, startFrom2012, untilAllCompleted } from "../support/months/service_months.ts";
import { startService } from "../support/service/service_process.ts";
import { stall } from "../support/network/stalling_clients.ts";
import { placeTest } from "../support/service/test_app.ts";

const CLIENTS = 2_000;
const OPEN_FILES = 1_024;

placeTest(
  `${CLIENTS} stalling clients and ${OPEN_FILES} open files stop no month`,
  async (place) => {
    const service = await startService(place, { openFiles: OPEN_FILES });
    const ended = new AbortController();
    const stalling = stall(service.url, { clients: CLIENTS, signal: ended.signal });
    const sampling = await sampleHealth(service.url);
    await startFrom2012(service, BUSY_MONTHS);
    await untilAllCompleted(service, BUSY_MONTHS);
    await sampling.report(`${place.kind}, ${CLIENTS} stalling clients`);

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

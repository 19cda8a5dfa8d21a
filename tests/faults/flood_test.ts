import { assertEquals } from "@std/assert";
import { sampleHealth } from "../support/service/health_sampling.ts";
import { BUSY_MONTHS, monthStatuses, startFrom2012 } from "../support/months/service_months.ts";
import { type ServiceProcess, startService } from "../support/service/service_process.ts";
import { placeTest, TEST_SECRET } from "../support/service/test_app.ts";

/** How many ask at once, for each of the two. */
const FLOODS = [100, 300, 1_000];
const READY = "/readyz";
const STATS = "/api/internal/backfill-stats";

placeTest("floods of questions stop neither the service nor its months", async (place) => {
  const service = await startService(place);
  const sampling = await sampleHealth(service.url);
  await startFrom2012(service, BUSY_MONTHS);
  let rounds = 0;
  do {
    for (const count of FLOODS) {
      for (const path of [READY, STATS]) await flood(service, { path, count });
    }
    rounds++;
  } while ((await monthStatuses(service)).completed !== BUSY_MONTHS);
  await sampling.report(`${place.kind}: ${rounds} rounds of ${FLOODS.join(", ")}`);
  service.kill("SIGTERM");
  const { code, stderr } = await service.ended();
  assertEquals([code, stderr.match(/"event":"(claim_lost|outcome_not_written)"/g)], [0, null]);
}, {
  latency: { open_library: { min_ms: 100, max_ms: 300 }, gemini: { min_ms: 500, max_ms: 900 } },
});

async function flood(
  { url }: ServiceProcess,
  { path, count }: { path: string; count: number },
): Promise<void> {
  const headers = { "X-Cron-Secret": TEST_SECRET };
  const statuses = await Promise.all(
    Array.from({ length: count }, async () => {
      const response = await fetch(`${url}${path}`, { headers });
      await response.body?.cancel();
      return response.status;
    }),
  );
  assertEquals(new Set(statuses), new Set([200]), `${count} of ${path}`);
}

import { assertEquals, assertGreater } from "@std/assert";
import { writeLine } from "../../src/cli/exit_on_error.ts";
import { type ServiceProcess, startService } from "../support/service_process.ts";
import { placeTest, TEST_SECRET, type TestPlace } from "../support/test_app.ts";

const MONTHS = 48;
/** How many ask at once, for each of the two. */
const FLOODS = [100, 300, 1_000];
const READY = "/readyz";
const STATS = "/api/internal/backfill-stats";

placeTest("floods of questions stop neither the service nor its months", async (place) => {
  const service = await startService(place, { settings: { LOG_LEVEL: "warning" } });
  const sampler = await startSampler(service.url);
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2015 });
  const scheduled = await service.call("/api/internal/schedule-backfill", { batch_size: MONTHS });
  assertEquals(scheduled.status, 200);
  let rounds = 0;
  do {
    for (const count of FLOODS) {
      for (const path of [READY, STATS]) await flood(service, { path, count });
    }
    rounds++;
  } while (await completed(service) < MONTHS);
  report(place.kind, { rounds, latencies: await sampler.stop() });
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

async function completed(service: ServiceProcess): Promise<number> {
  const { body } = await service.call(STATS);
  const { by_status } = body as { by_status: Record<string, number> };
  assertEquals(by_status.failed, 0);
  return by_status.completed!;
}

async function startSampler(url: string): Promise<{ stop(): Promise<number[]> }> {
  const worker = new Worker(new URL("../support/health_sampler.ts", import.meta.url), {
    type: "module",
  });
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
  const begun = next();
  worker.postMessage(url);
  await begun;
  return {
    async stop(): Promise<number[]> {
      const ended = next();
      worker.postMessage(null);
      const latencies = await ended as number[];
      worker.terminate();
      return latencies;
    },
  };
}

/** Printed, not judged: how fast it is depends on the machine. */
function report(
  kind: TestPlace["kind"],
  { rounds, latencies }: { rounds: number; latencies: number[] },
): void {
  assertGreater(latencies.length, 0);
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1);
  writeLine(
    `${kind}: ${rounds} rounds of ${FLOODS.join(", ")}; /healthz ${sorted.length} times, ` +
      `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`,
  );
}

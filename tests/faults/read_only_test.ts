import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import {
  assertUndisturbed,
  startMonths,
  untilCompleted,
} from "../support/months/months_at_work.ts";
import { withPatience } from "../support/patience.ts";
import {
  clusterTest,
  type PostgresCluster,
  startCluster,
} from "../support/postgres/postgres_cluster.ts";
import { type ServiceProcess, startService } from "../support/service/service_process.ts";
import { withPlace } from "../support/service/test_app.ts";

const MONTHS = 24;
const LIMIT_MS = 300_000;
const READ_ONLY_MS = 10_000;
const latency = { open_library: { min_ms: 20, max_ms: 60 }, gemini: { min_ms: 50, max_ms: 200 } };

/** Runs the months on a cluster of their own, and `disturb` in the middle of them. */
async function runDisturbed(
  cluster: PostgresCluster,
  disturb: (service: ServiceProcess) => Promise<void>,
): Promise<void> {
  await withPlace("embedded", async (given) => {
    const environment = { ...given.environment, DATABASE_URL: cluster.url };
    const place = { ...given, environment };
    const service = await startService(place, { settings: { DATABASE_CONNECTIONS: "6" } });
    try {
      await startMonths(service, MONTHS);
      while (place.simulator.journal.count({ service: "open_library" }) === 0) {
        await systemClock.sleep(5);
      }
      await disturb(service);
      await untilCompleted(place, { count: MONTHS, limitMs: LIMIT_MS });
      await assertUndisturbed(place, MONTHS);
      while ((await service.call("/readyz")).status !== 200) await systemClock.sleep(100);
      service.kill("SIGTERM");
      assertEquals((await service.ended()).code, 0);
    } finally {
      service.kill("SIGKILL");
      await service.ended();
    }
  }, { latency });
}

clusterTest(
  `${MONTHS} months outlive a time in which sessions become read-only, and stay so`,
  async () => {
    const cluster = await startCluster();
    const setting = "DATABASE postgres SET default_transaction_read_only TO";
    try {
      await runDisturbed(cluster, async ({ call }) => {
        await cluster.execute(`ALTER ${setting} on; ${TERMINATE}`);
        await systemClock.sleep(READ_ONLY_MS);
        // Transactions say that they write, whatever their session would have them do.
        assertEquals((await call("/readyz")).status, 200);
        await cluster.execute(`SET default_transaction_read_only TO off; ALTER ${setting} off`);
      });
    } finally {
      await cluster.remove();
    }
  },
);

clusterTest(`${MONTHS} months outlive a time in which the primary is a standby`, async () => {
  const cluster = await startCluster();
  try {
    await runDisturbed(cluster, async ({ call }) => {
      await cluster.demote();
      await withPatience(untilReadOnly(call), "nobody says that the database is read-only");
      await systemClock.sleep(READ_ONLY_MS);
      await cluster.execute("SELECT pg_promote()");
    });
  } finally {
    await cluster.remove();
  }
});

/** As failovers do it, so that everybody connects anew. */
const TERMINATE =
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";

async function untilReadOnly(call: ServiceProcess["call"]): Promise<void> {
  while (true) {
    const { body } = await call("/readyz");
    if ((body as { code?: string }).code === "DATABASE_READ_ONLY") return;
    await systemClock.sleep(100);
  }
}

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import {
  HAS_CLUSTERS,
  type PostgresCluster,
  startCluster,
} from "../support/postgres/postgres_cluster.ts";
import { runScript } from "../support/service/run_script.ts";
import { diskTest, type SmallDisk } from "../support/machine/small_disk.ts";
import { type TestApp, type TestPlace, withApp, withPlace } from "../support/service/test_app.ts";

const DISK_MB = 100;
const MONTHS = 8;
const latency = { open_library: { min_ms: 20, max_ms: 60 }, gemini: { min_ms: 50, max_ms: 200 } };

for (const kind of DATABASE_KINDS) {
  const name = "a full disk is told alike everywhere, and the months go on when there is room";
  diskTest(`${name} [${kind}]`, DISK_MB, async (disk, test) => {
    if (kind === "server" && !HAS_CLUSTERS) {
      await test.step({ name: "there is no Postgres to start", ignore: true, fn() {} });
      return;
    }
    const postgres = kind === "server" ? await startCluster({ folder: disk.path }) : null;
    try {
      // Of the two kinds of place only the folder and the server differ, and both are given here.
      await withPlace("embedded", (place) => fillWhileRunning(place, { disk, postgres }), {
        latency,
      });
    } finally {
      await postgres?.stop();
    }
  });
}

async function fillWhileRunning(
  place: TestPlace,
  { disk, postgres }: { disk: SmallDisk; postgres: PostgresCluster | null },
): Promise<void> {
  const environment = {
    ...place.environment,
    ...(postgres === null
      ? { DATA_DIR: `${disk.path}/data` }
      : { DATABASE_URL: postgres.url, DATABASE_CONNECTIONS: "4" }),
  };
  await withApp({ ...place, environment }, async (service) => {
    const { call, sql } = service;
    await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
    await call("/api/internal/schedule-backfill", { batch_size: MONTHS });
    while (place.simulator.journal.count({ service: "open_library" }) === 0) {
      await systemClock.sleep(5);
    }
    await disk.fill();
    await untilReady(service, 503);
    await assertTold(service);
    if (postgres !== null) {
      const { stdout } = await runScript("src/cli/stats.ts", { env: environment });
      assertStringIncludes(stdout, "alert: The database has no room left on its disk");
    }
    await disk.makeRoom();
    await untilReady(service, 200);
    await service.settled();
    const months = await sql`SELECT status, retry_count, count(*)::int AS count FROM backfill_log
      WHERE status <> 'pending' GROUP BY status, retry_count`;
    assertEquals(months.map((row) => ({ ...row })), [
      { status: "completed", retry_count: 0, count: MONTHS },
    ]);
    const { body } = await call("/api/internal/backfill-stats");
    assertEquals([body.database.status, body.database.error], ["ready", null]);
  });
}

async function assertTold({ call }: TestApp): Promise<void> {
  const { body: ready } = await call("/readyz");
  assertEquals([ready.status, ready.code], ["not ready", "DATABASE_FULL"]);
  assertStringIncludes(ready.error, "make room");
  assert(!/base\/|pg_wal/.test(ready.error), ready.error);
  const stats = await call("/api/internal/backfill-stats");
  assertEquals([stats.status, stats.body.total_months], [200, 12]);
  const { status, error, code } = stats.body.database;
  assertEquals({ status, error, code }, ready);
  for (
    const [path, body] of [
      ["/api/internal/schedule-backfill", { batch_size: 1 }],
      ["/api/internal/seed-backfill-queue", {}],
    ] as const
  ) {
    const answer = await call(path, body);
    assertEquals([answer.status, answer.body], [503, { error, code }]);
  }
}

async function untilReady({ call }: TestApp, status: 200 | 503): Promise<void> {
  while ((await call("/readyz")).status !== status) await systemClock.sleep(50);
}

import { assert, assertEquals, assertMatch } from "@std/assert";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import type { ServiceName } from "../../src/simulator/service/service_names.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { shiftedClock } from "../support/shifted_clock.ts";
import { type TestApp, withApp, withPlace } from "../support/service/test_app.ts";

const MODELS: readonly ServiceName[] = ["gemini", "xai"];
const HOUR_MS = 3_600_000;

async function schedule(service: TestApp, months: number): Promise<void> {
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  const { status } = await service.call("/api/internal/schedule-backfill", { batch_size: months });
  assertEquals(status, 200);
  await service.quiet();
}

async function statuses({ sql }: TestApp): Promise<Record<string, number>> {
  const rows = await sql<{ status: string; count: number }[]>`
    SELECT status, count(*)::int AS count FROM backfill_log GROUP BY status`;
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

async function attemptsSpent({ sql }: TestApp): Promise<number> {
  const [row] = await sql<{ spent: number }[]>`
    SELECT sum(retry_count)::int AS spent FROM backfill_log`;
  return row!.spent;
}

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `models away for hours hold up only the months nobody answers for [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace(kind, (place) => {
        const clock = shiftedClock();
        const { faults, journal } = place.simulator;
        const pass = (ms: number): void =>
          clock.put(new Date(clock.now().getTime() + ms).toISOString());

        return withApp(place, async (service) => {
          // Gemini is down for an hour: Grok and Wikidata carry on.
          faults.add({ service: "gemini", kind: "503" });
          await schedule(service, 4);
          assertEquals(await statuses(service), { completed: 4, pending: 8 });
          assertEquals((await listOpenAlerts(service.sql)).length, 0);
          pass(HOUR_MS);

          // Grok goes down too: months wait, whatever Wikidata says, and somebody is told why.
          faults.add({ service: "xai", kind: "503" });
          await schedule(service, 4);
          assertEquals(await statuses(service), { completed: 4, pending: 4, retry: 4 });
          const [alert] = await listOpenAlerts(service.sql);
          assertEquals(alert?.kind, "generators_down");
          for (const service of MODELS) assertMatch(alert!.cause, new RegExp(`${service}.*503`));
          // An answer that is an error costs nothing, and neither does a call that was held back.
          const [lost] = await service.sql`
            SELECT count(*)::int AS count FROM spending WHERE cost_usd = reserved_usd`;
          assertEquals(lost!.count, 0);
          for (let quarter = 1; quarter <= 4; quarter++) {
            pass(HOUR_MS / 4);
            await service.app.rescue();
            await service.quiet();
          }
          assertEquals(await statuses(service), { completed: 4, pending: 4, retry: 4 });
          assertEquals((await listOpenAlerts(service.sql)).length, 1);
          assertEquals(await attemptsSpent(service), 0);
          const asked = new Map(
            MODELS.map((service) => [service, journal.count({ service, status: 200 })]),
          );

          // Both are back: everything completes, and Wikidata's answers were kept.
          faults.clear();
          pass(HOUR_MS / 2);
          await service.app.rescue();
          await schedule(service, 12);
          await service.settled();
          assertEquals(await statuses(service), { completed: 12 });
          assertEquals(await attemptsSpent(service), 0);
          assertEquals((await listOpenAlerts(service.sql)).length, 0);
          for (const [service, before] of asked) {
            assert(journal.count({ service, status: 200 }) - before >= 8, service);
          }
          const [lists] = await service.sql`
            SELECT count(*)::int AS count FROM generation WHERE generator = 'wikidata'`;
          assertEquals(lists!.count, 12);
        }, { clock });
      }, {
        // Slow enough that months ask while another month's question tells whether Grok is back.
        latency: { xai: { min_ms: 200, max_ms: 200 } },
        settings: {
          GENERATORS: "gemini,xai,wikidata",
          RESOLVERS: "open_library",
          SNOOZE_SECONDS: "300",
        },
      }),
  });
}

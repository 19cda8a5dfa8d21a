import { assertEquals, assertGreater } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { withCollectedLog } from "../support/service/collected_log.ts";
import { DATABASE_KINDS, TEST_DATABASE_URL } from "../support/postgres/databases.ts";
import { demandTrouble, withDisturbance } from "../support/months/disturbed_months.ts";
import { withPatience } from "../support/patience.ts";
import { StatementFaults, type WireTrouble } from "../support/database_faults/statement_faults.ts";
import type { TestApp } from "../support/service/test_app.ts";

const MONTHS = 4;
const MODELS = ["gemini", "xai"] as const;
const STORING = "INSERT INTO generation ";
const BEGINNING = "UPDATE backfill_attempt a SET worker ";
const PROBING = "SET LOCAL work_mem ";
const RENEWING = "WITH unlocked AS ";

const FULL: WireTrouble = { kind: "error", sqlstate: "53100", isFatal: false };
/** As long as an answer is held without a lease: what is left of the shortest lease there is. */
const HELD_MS = 6_700;
const SHORT_LEASE = { LEASE_SECONDS: "10" };

async function schedule({ call }: TestApp, months: number): Promise<void> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  assertEquals(
    (await call("/api/internal/schedule-backfill", { batch_size: months })).status,
    200,
  );
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!await isTrue()) await systemClock.sleep(20);
}

function calls({ simulator: { journal } }: TestApp): number[] {
  return MODELS.map((service) => journal.count({ service }));
}

async function assertCompleted(sql: Database["sql"], months: number): Promise<void> {
  const rows = await sql`SELECT status, retry_count FROM backfill_log WHERE status <> 'pending'`;
  const expected = Array.from({ length: months }, () => ({ status: "completed", retry_count: 0 }));
  assertEquals(rows.map((row) => ({ ...row })), expected);
}

/** What was booked, by model: calls, US dollars, and how many are not settled. */
async function bills(sql: Database["sql"]) {
  return (await sql<{ generator: string; calls: number; usd: number; open: number }[]>`
    SELECT generator, count(*)::int AS calls, sum(coalesce(cost_usd, reserved_usd))::float8 AS usd,
      count(*) FILTER (WHERE settled_at IS NULL)::int AS open
    FROM spending GROUP BY generator ORDER BY generator`).map((row) => ({ ...row }));
}

function disturbedTest(
  name: string,
  body: (
    service: TestApp,
    told: { faults: StatementFaults; sql: Database["sql"]; events: readonly string[] },
  ) => Promise<void>,
  { settings = {}, kinds = DATABASE_KINDS, answerMs = 0 }: {
    settings?: Record<string, string>;
    kinds?: readonly Database["kind"][];
    answerMs?: number;
  } = {},
): void {
  for (const kind of kinds) {
    Deno.test({
      name: `${name} [${kind}]`,
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        const faults = new StatementFaults();
        const latency = { gemini: { min_ms: answerMs, max_ms: answerMs } };
        await withCollectedLog((events) =>
          withDisturbance(
            kind,
            { faults, settings, latency },
            (service, sql) => body(service, { faults, sql, events }),
          )
        );
      },
    });
  }
}

disturbedTest(
  "the database is away for 6 s as answers arrive, and none is paid for twice",
  async (service, { faults, sql }) => {
    const trouble: WireTrouble = { kind: "outage", sqlstate: null, ms: 6_000 };
    faults.arm({ statement: STORING, skip: 1, times: 1, trouble });
    await schedule(service, MONTHS);
    await until(() => faults.hasFired());
    const done = () => sql`SELECT 1 FROM backfill_log WHERE status = 'completed'`;
    await until(async () => {
      await service.app.rescue().catch(demandTrouble);
      return (await done()).length === MONTHS;
    });
    await assertCompleted(sql, MONTHS);
    assertEquals(calls(service), [MONTHS, MONTHS]);
  },
  {
    settings: { MONTH_CONCURRENCY: "4" },
    kinds: TEST_DATABASE_URL === null ? [] : ["server"],
  },
);

disturbedTest(
  "answers are held while the disk is full",
  async (service, { faults, sql }) => {
    faults.arm({ statement: STORING, skip: 0, times: Infinity, trouble: FULL });
    await schedule(service, MONTHS);
    await until(() => faults.hasFired());
    await systemClock.sleep(3_000);
    assertEquals((await sql`SELECT id FROM generation`).length, 0);
    faults.disarm();
    await service.settled();
    await assertCompleted(sql, MONTHS);
    assertEquals(calls(service), [MONTHS, MONTHS]);
    const outcomes = await sql`SELECT outcome FROM backfill_attempt WHERE outcome <> 'completed'`;
    assertEquals(outcomes.length, 0);
  },
  { settings: { MONTH_CONCURRENCY: "4" } },
);

disturbedTest(
  "no model is asked while the disk is full",
  async (service, { faults, sql }) => {
    const late = { statement: BEGINNING, skip: 0, times: 6, trouble: FULL };
    faults.arm(late);
    await schedule(service, 1);
    await until(() => faults.hasFired());
    // What was found when the month was scheduled is known no more when it begins.
    faults.arm(late, { statement: PROBING, skip: 0, times: Infinity, trouble: FULL });
    const begun = () => sql`SELECT 1 FROM backfill_attempt WHERE begun_at IS NOT NULL`;
    await until(async () => (await begun()).length === 1);
    await systemClock.sleep(1_000);
    assertEquals(calls(service), [0, 0]);
    faults.disarm();
    await service.settled();
    await assertCompleted(sql, 1);
    assertEquals(calls(service), [1, 1]);
  },
);

disturbedTest(
  "an answer that outlasts the lease is lost, told, and booked once",
  async (service, { faults, sql, events }) => {
    faults.arm({ statement: STORING, skip: 0, times: Infinity, trouble: FULL });
    await schedule(service, 1);
    await until(async () =>
      (await sql`SELECT 1 FROM backfill_attempt WHERE outcome = 'snoozed'`).length === 1
    );
    const [attempt] = await sql`
      SELECT error_code, extract(epoch FROM ended_at - begun_at)::float8 * 1000 AS ms
      FROM backfill_attempt`;
    assertEquals(attempt!.error_code, "DATABASE_FULL");
    assertGreater(attempt!.ms, HELD_MS / 2);
    assertEquals(events.filter((event) => event === "answer_lost").length, MODELS.length);
    const lost = await bills(sql);
    assertEquals(lost.map(({ calls, open }) => [calls, open]), [[1, 0], [1, 0]]);
    faults.disarm();
    await service.settled();
    await assertCompleted(sql, 1);
    assertEquals(calls(service), [2, 2]);
    const all = await bills(sql);
    assertEquals(all.map(({ calls, open }) => [calls, open]), [[2, 0], [2, 0]]);
    all.forEach(({ usd }, index) =>
      assertEquals(usd.toFixed(6), (2 * lost[index]!.usd).toFixed(6))
    );
  },
  { settings: SHORT_LEASE },
);

disturbedTest(
  "a service that shuts down does not wait for a database that takes no answer",
  async (service, { faults }) => {
    faults.arm({ statement: STORING, skip: 0, times: Infinity, trouble: FULL });
    await schedule(service, 1);
    await until(() => faults.hasFired());
    // An answer is held for 40 times as long as there is patience.
    const stopped = withPatience(service.app.worker.shutdown(0), "the worker holds an answer");
    await stopped.finally(() => faults.disarm());
  },
  { settings: { LEASE_SECONDS: "3600" } },
);

disturbedTest(
  "a month whose lease cannot be renewed for a while is not lost",
  async (service, { faults, sql, events }) => {
    const trouble: WireTrouble = { kind: "cut", when: "before", how: "reset" };
    faults.arm({ statement: RENEWING, skip: 0, times: 1, trouble });
    await schedule(service, 1);
    await until(() => faults.hasFired());
    await service.settled();
    await assertCompleted(sql, 1);
    assertEquals(calls(service), [1, 1]);
    assertEquals(events.filter((event) => event === "leases_not_renewed").length, 1);
    assertEquals(events.filter((event) => /lost/.test(event)), []);
  },
  // Longer than the lease, which therefore must be renewed after all.
  { settings: SHORT_LEASE, answerMs: 12_000 },
);

import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { openEmbeddedDatabase } from "../../src/database/embedded/embedded_database.ts";
import { openServerDatabase } from "../../src/database/server/server_database.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { startService } from "../support/service/service_process.ts";
import { type TestPlace, withApp, withPlace } from "../support/service/test_app.ts";

/** Far longer than the test takes. */
const NEVER_SECONDS = 600;
const LIMIT_MS = 240_000;
/** Appears among the embedded engine's files when it stands still. */
const SIGN = "standing_still";

/**
 * Stops whoever judges an answer, which is the first thing done to it after it was committed. On a server
 * that connection stands still, with the embedded engine the whole process: it gives a sign before, since
 * nobody could tell it from one that is merely slow.
 */
function stop(kind: Database["kind"]): string {
  const giveSign = `EXECUTE format('COPY (SELECT 1) TO %L',
    current_setting('data_directory') || '/${SIGN}');`;
  return `
    CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      ${kind === "embedded" ? giveSign : ""}
      PERFORM pg_sleep(${NEVER_SECONDS});
      RETURN NEW;
    END $$;
    CREATE TRIGGER before_judging BEFORE UPDATE ON generation
      FOR EACH ROW EXECUTE FUNCTION stand_still();`;
}

/** The server does not notice that a sleeping statement has lost its client. */
const END_SLEEPERS = `
  SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE relation = 'generation'::regclass AND wait_event = 'PgSleep'`;

const GO = "DROP TRIGGER before_judging ON generation; DROP FUNCTION stand_still();";

async function open({ kind, dataDir, environment }: TestPlace): Promise<Database> {
  return kind === "embedded"
    ? await openEmbeddedDatabase(`${dataDir}/postgres`)
    : await openServerDatabase(environment.DATABASE_URL!);
}

async function withOpen<T>(place: TestPlace, body: (database: Database) => Promise<T>): Promise<T> {
  const database = await open(place);
  try {
    return await body(database);
  } finally {
    await database.close();
  }
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const startMs = systemClock.monotonicMs();
  while (!await isTrue()) {
    if (systemClock.monotonicMs() - startMs > LIMIT_MS) throw new Error(`Waited too long: ${what}`);
    await systemClock.sleep(50);
  }
}

/** True when the answer is committed and whoever judges it stands still. */
async function isStanding(place: TestPlace): Promise<boolean> {
  if (place.kind === "embedded") {
    return await Deno.stat(`${place.dataDir}/postgres/${SIGN}`).then(() => true, () => false);
  }
  return await withOpen(place, async ({ sql }) => {
    const rows = await sql`SELECT verdict FROM generation`;
    return rows.length === 1;
  });
}

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `an answer whose process died before reading it is not asked for again [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace(kind, async (place) => {
        const { journal } = place.simulator;
        await withApp(place, async ({ call, sql }) => {
          await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
          await sql.unsafe(stop(kind));
        });

        const first = await startService(place);
        // The process may stand still before it has said that the month is scheduled.
        const scheduled = first.call("/api/internal/schedule-backfill", { batch_size: 1 })
          .catch(() => {});
        await until("the stand-still", () => isStanding(place));
        assertEquals(journal.count({ service: "gemini" }), 1);
        first.kill("SIGKILL");
        await first.ended();
        await scheduled;
        const verdicts = await withOpen(place, async ({ sql }) => {
          const rows = await sql<{ verdict: string }[]>`SELECT verdict FROM generation`;
          if (kind === "server") await sql.unsafe(END_SLEEPERS);
          await sql.unsafe(GO);
          return rows.map(({ verdict }) => verdict);
        });
        assertEquals(verdicts, ["unparsed"]);

        const second = await startService(place);
        await until("the month", async () => {
          const { body } = await second.call("/api/internal/backfill-stats");
          return (body as { by_status: Record<string, number> }).by_status.completed === 1;
        });
        second.kill("SIGTERM");
        await second.ended();
        assertEquals(journal.count({ service: "gemini" }), 1);
        await withOpen(place, async ({ sql }) => {
          const rows = await sql<{ verdict: string }[]>`SELECT verdict FROM generation`;
          assertEquals(rows.map(({ verdict }) => verdict), ["usable"]);
          const [row] = await sql`SELECT count(*)::int AS calls FROM spending`;
          assertEquals(row!.calls, 1);
        });
      }),
  });
}

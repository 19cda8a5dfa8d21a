import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/database/connection.ts";
import { openEmbeddedDatabase } from "../../src/database/embedded_database.ts";
import { openServerDatabase } from "../../src/database/server_database.ts";
import { DATABASE_KINDS } from "../support/databases.ts";
import { type ServiceProcess, startService } from "../support/service_process.ts";
import { type TestPlace, withApp, withPlace } from "../support/test_app.ts";

/** Far longer than the test takes. */
const NEVER_SECONDS = 600;
const LIMIT_MS = 60_000;
const SILENCE_MS = 1_000;

/**
 * Stops whoever judges an answer, which is the first thing done to it after it was committed. On a server
 * that connection stands still, with the embedded engine the whole process.
 */
const STOP = `
  CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_sleep(${NEVER_SECONDS});
    RETURN NEW;
  END $$;
  CREATE TRIGGER before_judging BEFORE UPDATE ON generation
    FOR EACH ROW EXECUTE FUNCTION stand_still();`;

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

/** True when the embedded engine, and with it the whole process, answers nobody any more. */
async function isStanding({ url }: ServiceProcess): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(SILENCE_MS) });
    await answer.body?.cancel();
    return false;
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") return true;
    throw error;
  }
}

async function isStored(place: TestPlace): Promise<boolean> {
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
          await sql.unsafe(STOP);
        });

        const first = await startService(place);
        await first.call("/api/internal/schedule-backfill", { batch_size: 1 });
        await until("the answer", () => Promise.resolve(journal.count({ room: "gemini" }) === 1));
        await until(
          "the stand-still",
          () => kind === "embedded" ? isStanding(first) : isStored(place),
        );
        first.kill("SIGKILL");
        await first.ended();
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
        assertEquals(journal.count({ room: "gemini" }), 1);
        await withOpen(place, async ({ sql }) => {
          const rows = await sql<{ verdict: string }[]>`SELECT verdict FROM generation`;
          assertEquals(rows.map(({ verdict }) => verdict), ["usable"]);
          const [row] = await sql`SELECT count(*)::int AS calls FROM spending`;
          assertEquals(row!.calls, 1);
        });
        // Slow enough for the schedule's answer to leave before the process stands still.
      }, { latency: { gemini: { min_ms: 300, max_ms: 300 } } }),
  });
}

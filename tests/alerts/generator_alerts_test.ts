import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { appTest, type TestApp } from "../support/service/test_app.ts";

/** Snoozes that do not end by themselves within a test. */
function lineup(GENERATORS: string) {
  return { settings: { GENERATORS, SNOOZE_SECONDS: "3600", RESOLVERS: "open_library" } };
}

async function runMonth(service: TestApp): Promise<void> {
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
  await service.quiet();
}

/** Takes up what waits, whatever it waits for. */
async function runAgain(service: TestApp): Promise<void> {
  await service.sql`UPDATE backfill_log SET next_attempt_at = now() WHERE status = 'retry'`;
  await service.app.rescue();
  await service.quiet();
}

/** All alerts there ever were, oldest first. */
async function alerts({ sql }: TestApp): Promise<string[]> {
  const rows = await sql`
    SELECT kind, closed_at IS NULL AS is_open FROM alert ORDER BY id`;
  return rows.map(({ kind, is_open }) => `${kind} ${is_open ? "open" : "closed"}`);
}

async function month({ sql }: TestApp) {
  const [row] = await sql`
    SELECT status, retry_count, books_generated, error_message FROM backfill_log
    WHERE status <> 'pending'`;
  return row!;
}

appTest(
  "a model that was away and now refuses the key is waited for no more, and its alert says so",
  async (service) => {
    const { faults } = service.simulator;
    faults.add({ service: "gemini", kind: "503" });
    await runMonth(service);
    assertEquals(await alerts(service), ["generators_down open"]);
    faults.clear();
    faults.add({ service: "gemini", kind: "key_refused" });
    await runAgain(service);
    assertEquals((await month(service)).status, "completed");
    assertEquals(await alerts(service), ["generators_down closed", "generator_refused open"]);
  },
  lineup("gemini,wikidata"),
);

appTest(
  "the alert about a model that is away stays open while another one answers what nobody can use",
  async (service) => {
    const { faults } = service.simulator;
    faults.add({ service: "gemini", kind: "503" });
    faults.add({ service: "xai", kind: "bad_content" });
    await runMonth(service);
    await runAgain(service);
    assertEquals(await alerts(service), ["generators_down open"]);
    faults.clear();
    await runAgain(service);
    assertEquals((await month(service)).status, "completed");
    assertEquals(await alerts(service), ["generators_down closed"]);
  },
  lineup("gemini,xai"),
);

appTest(
  "a month nobody has named a book for waits for the model that is away, and spends nothing",
  async (service) => {
    const { faults, journal } = service.simulator;
    faults.add({ service: "gemini", kind: "refusal" });
    faults.add({ service: "xai", kind: "503" });
    await runMonth(service);
    const waiting = await month(service);
    assertEquals([waiting.status, waiting.retry_count], ["retry", 0]);
    assertMatch(waiting.error_message, /^Nobody has named a book yet: xai answered 503/);
    assertEquals(await alerts(service), []);
    faults.clear();
    await runAgain(service);
    const done = await month(service);
    assertEquals(done.status, "completed");
    assertGreater(done.books_generated, 0);
    assertEquals(journal.count({ service: "gemini" }), 1);
  },
  lineup("gemini,xai"),
);

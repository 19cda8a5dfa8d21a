import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import type { FaultRule } from "../../src/simulator/faults/faults.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { appTest, type TestApp, withApp, withPlace } from "../support/service/test_app.ts";

/** What waits does not go on by itself within a test, however slow the machine is. */
const WAITS = { SNOOZE_SECONDS: "3600", RETRY_BASE_SECONDS: "3600" };

function lineup(generators: string): { settings: Record<string, string> } {
  return { settings: { GENERATORS: generators, ...WAITS } };
}

async function schedule({ call }: TestApp, months: number): Promise<void> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  const { status } = await call("/api/internal/schedule-backfill", { batch_size: months });
  assertEquals(status, 200);
}

async function runOnce(service: TestApp, months = 1): Promise<void> {
  await schedule(service, months);
  await service.quiet();
}

/** Takes up what waits, whatever it waits for. */
async function runAgain(service: TestApp): Promise<void> {
  await service.sql`UPDATE backfill_log SET next_attempt_at = now() WHERE status = 'retry'`;
  await service.app.rescue();
  await service.quiet();
}

interface MonthRow {
  status: string;
  retry_count: number;
  books_generated: number;
  note: string | null;
  error_message: string | null;
}

async function monthOf({ sql }: TestApp): Promise<MonthRow> {
  const [row] = await sql<MonthRow[]>`
    SELECT status, retry_count, books_generated, note, error_message
    FROM backfill_log WHERE status <> 'pending' ORDER BY year DESC, month DESC`;
  return row!;
}

async function openAlerts({ sql }: TestApp): Promise<string[]> {
  return (await listOpenAlerts(sql)).map(({ kind, subject }) => `${kind} ${subject}`.trim());
}

async function generations({ sql }: TestApp): Promise<string[]> {
  const rows = await sql`SELECT generator, verdict FROM generation ORDER BY id`;
  return rows.map(({ generator, verdict }) => `${generator} ${verdict}`);
}

function breakServices({ simulator }: TestApp, services: readonly string[], kind: string): void {
  for (const service of services) simulator.faults.add({ service, kind } as FaultRule);
}

appTest(
  "a refused key is one call, an alert and a remark, and hinders no month",
  async (service) => {
    breakServices(service, ["gemini"], "key_refused");
    await runOnce(service, 1);
    const first = await monthOf(service);
    assertEquals([first.status, first.retry_count], ["completed", 0]);
    assertMatch(first.note!, /gemini gave no list: gemini refuses the key/);
    assertGreater(first.books_generated, 0);
    await runOnce(service, 5);
    assertEquals(service.simulator.journal.count({ service: "gemini" }), 1);
    assertEquals(await openAlerts(service), ["generator_refused gemini"]);
    const [alert] = await listOpenAlerts(service.sql);
    assertMatch(alert!.cause, /refuses the key/);
    assertMatch(alert!.advice, /GEMINI_API_KEY/);
    const [count] = await service.sql`
    SELECT count(*)::int AS count FROM backfill_log WHERE status = 'completed'`;
    assertEquals(count!.count, 6);
  },
  lineup("gemini,xai"),
);

appTest(
  "where no model will answer before somebody helps, the catalogue decides",
  async (service) => {
    breakServices(service, ["gemini"], "retired_model");
    breakServices(service, ["xai"], "credits_spent");
    // One after the other: the second is to find both held back.
    await runOnce(service);
    await runOnce(service);
    const { status, retry_count, note } = await monthOf(service);
    assertEquals([status, retry_count], ["completed", 0]);
    assertMatch(note!, /gemini gave no list.*xai gave no list/);
    assertEquals((await openAlerts(service)).toSorted(), [
      "generator_refused gemini",
      "generator_refused xai",
    ]);
    assertEquals(service.simulator.journal.count({ service: "xai" }), 1);
  },
  lineup("gemini,xai,wikidata"),
);

appTest(
  "where the only model refuses, the month waits and no attempt is spent",
  async (service) => {
    breakServices(service, ["gemini"], "key_refused");
    await runOnce(service);
    await runAgain(service);
    const { status, retry_count, error_message } = await monthOf(service);
    assertEquals([status, retry_count], ["retry", 0]);
    assertMatch(error_message!, /No generator can answer: gemini refuses the key/);
    assertEquals(service.simulator.journal.count({ service: "gemini" }), 1);
    assertEquals(await openAlerts(service), ["generator_refused gemini"]);
  },
  lineup("gemini"),
);

appTest(
  "months wait for models that are only away, whatever the catalogue says",
  async (service) => {
    breakServices(service, ["gemini", "xai"], "503");
    await runOnce(service, 2);
    const away = await monthOf(service);
    assertEquals([away.status, away.retry_count], ["retry", 0]);
    assertEquals(await openAlerts(service), ["generators_down"]);
    assertMatch((await listOpenAlerts(service.sql))[0]!.cause, /gemini.*503.*xai.*503/);
    assertEquals(await generations(service), ["wikidata usable", "wikidata usable"]);
  },
  lineup("gemini,xai,wikidata"),
);

appTest(
  "a model that is away does not hold up months that another one answers",
  async (service) => {
    breakServices(service, ["xai"], "503");
    await runOnce(service, 2);
    const { status, note } = await monthOf(service);
    assertEquals(status, "completed");
    assertMatch(note!, /xai gave no list/);
    assertEquals(await openAlerts(service), []);
  },
  lineup("gemini,xai"),
);

appTest(
  "unusable answers spend attempts, and the last is content with the catalogue",
  async (service) => {
    breakServices(service, ["gemini"], "bad_content");
    await runOnce(service);
    for (let attempt = 1; attempt < 5; attempt++) {
      const { status, retry_count } = await monthOf(service);
      assertEquals([status, retry_count], ["retry", attempt]);
      await runAgain(service);
    }
    const { status, note } = await monthOf(service);
    assertEquals(status, "completed");
    assertMatch(note!, /gemini gave no list: The answer of gemini is unusable/);
    assertEquals((await generations(service)).toSorted(), [
      ...Array(5).fill("gemini unusable"),
      "wikidata usable",
    ]);
  },
  lineup("gemini,wikidata"),
);

appTest(
  "an answer that was cut off is kept, or asked for once more with more room",
  async (service) => {
    const { faults, journal } = service.simulator;
    faults.add({ service: "gemini", kind: "no_parts", below_tokens: 20_000, month: "2012-12" });
    faults.add({ service: "gemini", kind: "no_parts", month: "2012-11" });
    faults.add({ service: "gemini", kind: "truncated", month: "2012-10" });
    // A model that takes no more tokens than it was given says so by rejecting the second question.
    faults.add({ service: "gemini", kind: "no_parts", month: "2012-09", times: 1 });
    faults.add({ service: "gemini", kind: "retired_model", month: "2012-09", times: 1 });
    // The rejection holds back whoever is asked after it.
    await runOnce(service, 3);
    await runOnce(service, 1);
    const rows = await service.sql`
    SELECT l.month, l.status, l.retry_count, l.books_generated > 0 AS has_books,
      string_agg(g.verdict, ', ' ORDER BY g.id) AS verdicts
    FROM backfill_log l JOIN generation g ON g.month_id = l.id
    GROUP BY l.id ORDER BY l.month DESC`;
    const done = { status: "completed", retry_count: 0, has_books: true };
    const again = { status: "retry", retry_count: 1, has_books: false };
    assertEquals(rows.map((row) => ({ ...row })), [
      { month: 12, ...done, verdicts: "unusable, usable" },
      { month: 11, ...again, verdicts: "unusable, unusable" },
      { month: 10, ...done, verdicts: "usable" },
      { month: 9, ...again, verdicts: "unusable" },
    ]);
    assertEquals(journal.count({ service: "gemini" }), 7);
    assertEquals(await openAlerts(service), []);
  },
  lineup("gemini"),
);

appTest("a refusal by everybody is an honest answer", async (service) => {
  breakServices(service, ["gemini"], "refusal");
  breakServices(service, ["xai"], "refusal_field");
  await runOnce(service);
  const { status, books_generated, note } = await monthOf(service);
  assertEquals([status, books_generated], ["completed", 0]);
  assertMatch(note!, /Nobody proposed a book.*gemini declined.*xai declined/);
  assert(!note!.includes(".."), note!);
  assertEquals(await openAlerts(service), []);
}, lineup("gemini,xai"));

appTest(
  "the bill of an attempt holds its answers' tokens and all its calls' cost",
  async (service) => {
    service.simulator.faults.add({ service: "gemini", kind: "no_parts", times: 1 });
    await runOnce(service);
    const [row] = await service.sql`
    SELECT a.tokens_input, a.tokens_output + a.tokens_thinking AS tokens_output,
      a.cost_usd = (SELECT sum(cost_usd) FROM spending) AS is_spent,
      a.cost_usd = (SELECT sum(cost_usd) FROM generation) AS is_listed,
      a.tokens_input = (SELECT sum(tokens_input) FROM generation)::int AS is_counted,
      a.cost_usd < (SELECT sum(reserved_usd) FROM spending) AS is_less, a.cost_usd > 0 AS is_known
    FROM backfill_attempt a`;
    const { tokens_input, tokens_output, ...holds } = row!;
    assertGreater(tokens_input, 100);
    assertGreater(tokens_output, 100);
    for (const [what, isTrue] of Object.entries(holds)) assert(isTrue, what);
  },
  lineup("gemini,wikidata"),
);

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `a key that was refused is not tried again by the next process [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace(kind, async (place) => {
        place.simulator.faults.add({ service: "gemini", kind: "key_refused" });
        for (const _process of [1, 2]) await withApp(place, (service) => runOnce(service));
        await withApp(place, async (service) => {
          await runOnce(service);
          const [count] = await service.sql`
            SELECT count(*)::int AS count FROM backfill_log WHERE status = 'completed'`;
          assertEquals(count!.count, 3);
          assertEquals(await openAlerts(service), ["generator_refused gemini"]);
        });
        assertEquals(place.simulator.journal.count({ service: "gemini" }), 1);
      }, {
        settings: { ...lineup("gemini,wikidata").settings, GEMINI_RATE_PER_SECOND: "100" },
      }),
  });

  Deno.test({
    name: `without any generator months wait, and go on when there is one [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace(kind, async (place) => {
        const keyless = Object.fromEntries(
          Object.entries(place.environment).filter(([name]) => name !== "CONTACT"),
        );
        // Wikidata, the one generator, cannot be used without CONTACT and is left out.
        const { GENERATORS: _named, GEMINI_API_KEY: _key, XAI_API_KEY: _other, ...rest } = keyless;
        const { LLM_BASE_URL: _url, ...none } = rest;
        await withApp({ ...place, environment: none }, async (service) => {
          await runOnce(service);
          const { status, retry_count } = await monthOf(service);
          assertEquals([status, retry_count], ["retry", 0]);
          assertEquals(await openAlerts(service), ["no_generator"]);
        });
        await withApp(place, async (service) => {
          await runAgain(service);
          assertEquals((await monthOf(service)).status, "completed");
          assertEquals(await openAlerts(service), []);
        });
      }, lineup("wikidata")),
  });
}

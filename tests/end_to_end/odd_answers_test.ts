import { assertEquals, assertGreater } from "@std/assert";
import type { Clock } from "../../src/clock.ts";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import { parseMonthKey } from "../../src/domain/months/month.ts";
import { playsKind, sendsRetryAfter } from "../../src/simulator/faults/fault_plan.ts";
import { FAULT_KINDS } from "../../src/simulator/faults/faults.ts";
import {
  LOCAL_MODEL,
  type StructuredOutput,
} from "../../src/simulator/openai_compatible/openai_compatible.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import {
  MODEL_SERVICE_NAMES,
  type ModelServiceName,
} from "../../src/simulator/service/service_names.ts";
import { shippedCatalogue } from "../simulator/shipped_catalogue.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { type ShiftedClock, shiftedClock } from "../support/shifted_clock.ts";
import { FEW_CONNECTIONS, type TestApp, withApp, withPlace } from "../support/service/test_app.ts";
import {
  IN_ANSWERS,
  LIST,
  type Outcome,
  outcomeOf,
  OUTCOMES,
  type PlayedKind,
} from "./odd_answer_outcomes.ts";

// One kind of database is enough: what differs between them is tested on both elsewhere.
const KIND = DATABASE_KINDS.at(-1)!;

const DROPPING: readonly PlayedKind[] = ["wrong_types", "duplicates", "over_limit"];

interface Line {
  readonly service: ModelServiceName;
  readonly settings?: Readonly<Record<string, string>>;
  /** How an endpoint of one's own takes the form asked for, where it is another than the strictest. */
  readonly structured?: StructuredOutput;
  /** Calls until the form is found that the endpoint takes. */
  readonly firstCalls?: number;
}

const LINES: Readonly<Record<string, Line>> = {
  "gemini": { service: "gemini" },
  "xai over chat completions": { service: "xai" },
  "xai over responses": { service: "xai", settings: { XAI_API: "responses" } },
  "an endpoint that takes schemas": { service: "openai_compatible" },
  "an endpoint for JSON": {
    service: "openai_compatible",
    structured: "json_object",
    firstCalls: 2,
  },
  "an endpoint for no form": { service: "openai_compatible", structured: "none", firstCalls: 3 },
  "an endpoint that minds no form": { service: "openai_compatible", structured: "ignored" },
};

function kindsOf({ service, structured }: Line): PlayedKind[] {
  return FAULT_KINDS.filter((kind): kind is PlayedKind => kind in OUTCOMES).filter((kind) =>
    playsKind(service, kind)
  )
    .filter((kind) => structured === undefined || IN_ANSWERS.has(outcomeOf(service, kind)));
}

/** Months with books enough to lose some. */
const months = shippedCatalogue.worksByMonth.entries()
  .filter(([key, works]) => works.length >= 6 && /^20[01]/.test(key))
  .map(([key]) => key).toArray().toSorted();

async function seed({ call }: TestApp): Promise<void> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2000, year_end: 2019 });
}

async function run(service: TestApp, keys: readonly string[]): Promise<void> {
  const answer = await service.call("/api/internal/schedule-backfill", { months: keys });
  assertEquals(answer.body.execution_summary.triggered, keys.length);
  await service.quiet();
}

interface MonthRow {
  readonly id: number;
  readonly status: string;
  readonly retry_count: number;
  readonly books_generated: number;
  readonly isbns_resolved: number;
}

async function readMonth({ sql }: TestApp, key: string): Promise<MonthRow> {
  const { year, month } = parseMonthKey(key)!;
  const [row] = await sql<MonthRow[]>`
    SELECT id, status, retry_count, books_generated, isbns_resolved
    FROM backfill_log WHERE year = ${year} AND month = ${month}`;
  return row!;
}

/** The outcome of a month as rows and journal tell it. */
async function readOutcome(service: TestApp, key: string): Promise<Omit<Outcome, "calls">> {
  const { id, status, retry_count } = await readMonth(service, key);
  const answers = await service.sql<{ verdict: Outcome["verdicts"][number] }[]>`
    SELECT verdict FROM generation WHERE month_id = ${id} ORDER BY id`;
  const entries = await service.sql<{ bill: Outcome["bill"][number] }[]>`
    SELECT CASE s.cost_usd WHEN 0 THEN 'nothing' WHEN s.reserved_usd THEN 'reserved'
      ELSE 'tokens' END AS bill
    FROM spending s JOIN backfill_attempt a USING (job_id) WHERE a.month_id = ${id} ORDER BY s.id`;
  const [alert = null, ...others] = await listOpenAlerts(service.sql);
  assertEquals(others.length, 0);
  const waits = retry_count === 0 ? "waits" : "spends an attempt";
  return {
    month: status === "completed" ? status : waits,
    verdicts: answers.map(({ verdict }) => verdict),
    bill: entries.map(({ bill }) => bill),
    alert: alert?.kind ?? null,
  };
}

async function assertBooks(service: TestApp, key: string, kind: PlayedKind): Promise<void> {
  const { id, books_generated, isbns_resolved } = await readMonth(service, key);
  const [row] = await service.sql<{ dropped: number }[]>`
    SELECT sum(books_dropped)::int AS dropped FROM generation WHERE month_id = ${id}`;
  assertEquals(row!.dropped > 0, DROPPING.includes(kind), `${kind} drops books`);
  assertEquals(books_generated > 0, kind !== "empty", `${kind} names books`);
  assertEquals(isbns_resolved > 0, kind !== "empty" && kind !== "unknown_titles", kind);
}

/** Puts all obstacles behind, and shows it by a month that goes well. */
async function recover(
  service: TestApp,
  { clock, key }: { clock: ShiftedClock; key: string },
): Promise<void> {
  clock.put(new Date(clock.now().getTime() + 25 * 3_600_000).toISOString());
  await run(service, [key]);
  assertEquals((await readMonth(service, key)).status, "completed");
  assertEquals((await listOpenAlerts(service.sql)).length, 0);
}

/** So many times faster than asked for are the waits between calls. */
const HURRY = 20;

async function runLine([name, line]: [string, Line]): Promise<void> {
  const { service: model, settings, structured, firstCalls = 1 } = line;
  const clock = shiftedClock();
  const hurried: Clock = { ...clock, sleep: (ms, signal) => clock.sleep(ms / HURRY, signal) };
  const models = await startSimulator({
    clock,
    ...(structured === undefined ? {} : { plans: { openai_compatible: { structured } } }),
  });
  const keys = months.values();
  const next = (): string => keys.next().value!;
  const body = async (service: TestApp): Promise<void> => {
    await seed(service);
    const first = next();
    await run(service, [first]);
    assertEquals(models.journal.count({ service: model, month: first }), firstCalls);
    for (const kind of kindsOf(line)) {
      const month = next();
      const wait = kind === "429" && sendsRetryAfter(model) ? { retry_after_seconds: 1 } : {};
      models.faults.add({ service: model, kind, month, ...wait });
      await run(service, [month]);
      const outcome = outcomeOf(model, kind);
      const calls = models.journal.count({ service: model, month });
      assertEquals({ ...await readOutcome(service, month), calls }, outcome, `${kind} of ${name}`);
      if (outcome === LIST) await assertBooks(service, month, kind);
      if (outcome.month !== "completed") await recover(service, { clock, key: next() });
    }
  };
  try {
    await withPlace(KIND, (place) => withApp(place, body, { clock: hurried }), {
      clock,
      settings: {
        ...FEW_CONNECTIONS,
        GENERATORS: model,
        RESOLVERS: "open_library",
        SNOOZE_SECONDS: "3600",
        MODEL_PRICES: `${LOCAL_MODEL}=1/2`,
        GEMINI_BASE_URL: `${models.url}/gemini`,
        XAI_BASE_URL: `${models.url}/xai`,
        LLM_BASE_URL: `${models.url}/openai_compatible/v1`,
        ...settings,
      },
    });
  } finally {
    await models.close();
  }
}

Deno.test({
  name: "a month takes each odd answer of its only model as the table says",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () => Promise.all(Object.entries(LINES).map(runLine)).then(() => {}),
});

Deno.test({
  name: "no odd answer of one model keeps a month from the books of the others",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withPlace(KIND, (place) =>
      withApp(place, async (service) => {
        await seed(service);
        const odd = MODEL_SERVICE_NAMES.flatMap((model) =>
          kindsOf({ service: model }).filter((kind) => IN_ANSWERS.has(OUTCOMES[kind]))
            .map((kind) => ({ model, kind }))
        );
        const played = odd.map((fault, index) => ({ ...fault, month: months[index]! }));
        for (const { model: service, kind, month } of played) {
          place.simulator.faults.add({ service, kind, month });
        }
        for (let at = 0; at < played.length; at += 50) {
          await run(service, played.slice(at, at + 50).map(({ month }) => month));
        }
        for (const { model, kind, month } of played) {
          const { status, retry_count, isbns_resolved } = await readMonth(service, month);
          assertEquals([status, retry_count], ["completed", 0], `${kind} of ${model}`);
          assertGreater(isbns_resolved, 0, `${kind} of ${model}`);
        }
        assertGreater(played.length, 50);
        assertEquals((await listOpenAlerts(service.sql)).length, 0);
      }), {
      settings: {
        GENERATORS: MODEL_SERVICE_NAMES.join(","),
        RESOLVERS: "open_library",
        MONTH_CONCURRENCY: "8",
      },
    }),
});

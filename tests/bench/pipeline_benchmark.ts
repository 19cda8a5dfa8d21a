import pMap from "p-map";
import { type App, buildApp } from "../../src/app/app.ts";
import { systemClock } from "../../src/clock.ts";
import { type Config, parseConfig, readEnvironment } from "../../src/config.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import {
  BOOK_LIST_SCHEMA,
  buildPrompt,
  defaultVariant,
} from "../../src/domain/generation/prompt.ts";
import { parseMonthKey } from "../../src/domain/months/month.ts";
import { createLog } from "../../src/log.ts";
import { scheduleMonths } from "../../src/scheduler/schedule_months.ts";
import { DUE_MONTHS } from "../../src/scheduler/schedule_request.ts";
import { seedLog } from "../../src/scheduler/seed_log.ts";
import type { JournalEntry } from "../../src/simulator/faults/journal.ts";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.ts";
import { simulatorSettings } from "../../src/simulator/simulator_settings.ts";
import { createServerSchema } from "../support/postgres/server_schema.ts";
import type { Benchmark, BenchmarkResult } from "./benchmark.ts";

const MONTHS = 300;
const BATCH = 50;
const TARGET_RATIO = 4;
const POLL_MS = 100;

/**
 * All months through the simulator at no latency, against a floor that does the same HTTP calls and
 * as many commits of the same size, and nothing else.
 */
export const pipelineBenchmark: Benchmark = {
  name: "pipeline",
  about:
    `${MONTHS} months through the simulator at no latency, beside the same calls and commits alone`,
  data: null,
  async run({ say }): Promise<BenchmarkResult> {
    const dataDir = await Deno.makeTempDir({ prefix: "alexandria-bench-" });
    const simulator = await startSimulator({ clock: systemClock });
    const { DATABASE_URL } = readEnvironment();
    const schema = DATABASE_URL === undefined ? null : await createServerSchema(DATABASE_URL);
    const config = benchConfig({ dataDir, simulator, databaseUrl: schema?.url });
    const app = await buildApp(config, { clock: systemClock, log: createLog() });
    try {
      const seconds = await timeMonths(app);
      const calls = simulator.journal.entries();
      const commits = await commitsOf(app.scheduler.database);
      const floorSeconds = await timeFloor({ app, config, simulator, calls, commits });
      const figures = {
        database: app.scheduler.database.kind,
        http_calls: calls.length,
        commits: commits.length,
        months_per_second: round(MONTHS / seconds),
        floor_months_per_second: round(MONTHS / floorSeconds),
        ratio_to_floor: round(seconds / floorSeconds),
      };
      say(
        `  database ${figures.database}, ${figures.http_calls} calls, ${figures.commits} commits`,
      );
      say(`  ours  ${String(figures.months_per_second).padStart(8)} months/s  ${round(seconds)} s`);
      say(
        `  floor ${String(figures.floor_months_per_second).padStart(8)} months/s  ${
          round(floorSeconds)
        } s`,
      );
      say(`  ratio ${String(figures.ratio_to_floor).padStart(8)} (target ≤ ${TARGET_RATIO})`);
      return {
        bench: "pipeline",
        figures,
        targets: { ratio_to_floor: `≤ ${TARGET_RATIO}` },
        holds: figures.ratio_to_floor <= TARGET_RATIO,
      };
    } finally {
      await app.shutdown();
      await simulator.close();
      await schema?.drop();
      await Deno.remove(dataDir, { recursive: true });
    }
  },
};

function benchConfig(
  { dataDir, simulator, databaseUrl }: {
    dataDir: string;
    simulator: Simulator;
    databaseUrl: string | undefined;
  },
): Config {
  return parseConfig({
    ALEXANDRIA_WEBHOOK_SECRET: crypto.randomUUID(),
    DATA_DIR: dataDir,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...simulatorSettings(simulator.url),
    // One, so that the figures stay comparable with those from before there were others.
    GENERATORS: "gemini",
    LOG_LEVEL: "error",
    MONTH_CONCURRENCY: "8",
    ...concurrencySettings(),
  });
}

/** Concurrency is the machine's business; everything else is fixed. */
function concurrencySettings(): Record<string, string> {
  const { MONTH_CONCURRENCY, BOOK_CONCURRENCY } = readEnvironment();
  return {
    ...(MONTH_CONCURRENCY === undefined ? {} : { MONTH_CONCURRENCY }),
    ...(BOOK_CONCURRENCY === undefined ? {} : { BOOK_CONCURRENCY }),
  };
}

/** Seconds from scheduling the first month to the end of the last. */
async function timeMonths(app: App): Promise<number> {
  await seedLog(app.scheduler, { yearStart: 2000, yearEnd: 2024 });
  const start = systemClock.monotonicMs();
  for (let scheduled = 0; scheduled < MONTHS; scheduled += BATCH) {
    await scheduleMonths(app.scheduler, {
      request: { ...DUE_MONTHS, batch_size: BATCH, include_recent: true },
      startedBy: "command",
    });
  }
  const { sql } = app.scheduler.database;
  while (true) {
    const [row] = await sql<{ completed: number }[]>`
      SELECT count(*)::int AS completed FROM backfill_log WHERE status = 'completed'`;
    if (row!.completed === MONTHS) return (systemClock.monotonicMs() - start) / 1000;
    await systemClock.sleep(POLL_MS);
  }
}

/**
 * What each commit of the months wrote: every begun attempt, every answer stored and judged, every
 * decision with its evidence, and one for all the books of a month. As text, because a payload of one
 * repeated letter would be stored far more cheaply than what it stands for.
 */
async function commitsOf({ sql }: Database): Promise<string[]> {
  const rows = await sql<{ payload: string }[]>`
    SELECT a::text AS payload FROM backfill_attempt a
    UNION ALL SELECT g::text FROM generation g
    UNION ALL SELECT verdict FROM generation
    UNION ALL SELECT r::text || coalesce(
        (SELECT string_agg(e::text, '') FROM evidence e WHERE resolution_key = r.key), '')
      FROM resolution r
    UNION ALL SELECT l::text || coalesce(string_agg(c::text || w::text || e::text, ''), '')
      FROM backfill_log l LEFT JOIN candidate c ON c.month_id = l.id
        LEFT JOIN work w ON w.id = c.work_id LEFT JOIN edition e ON e.isbn13 = c.isbn13
      GROUP BY l.id`;
  return rows.map(({ payload }) => payload);
}

/** Seconds for the same calls and commits with nothing around them, at the same concurrency. */
async function timeFloor(
  { app, config, simulator, calls, commits }: {
    app: App;
    config: Config;
    simulator: Simulator;
    calls: readonly Readonly<JournalEntry>[];
    commits: readonly string[];
  },
): Promise<number> {
  const { sql } = app.scheduler.database;
  await sql`CREATE TABLE floor_row (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload text)`;
  const bodies = calls.map((call) => ({ call, body: bodyOf(call) }));
  const concurrency = config.MONTH_CONCURRENCY * config.BOOK_CONCURRENCY;
  const start = systemClock.monotonicMs();
  await Promise.all([
    pMap(bodies, async ({ call, body }) => {
      const response = await fetch(`${simulator.url}/${call.service}${call.path}`, {
        method: call.method,
        headers: HEADERS,
        ...(body === null ? {} : { body }),
      });
      await response.arrayBuffer();
      // What the client did without, such as Google's 503 for a volume that is gone, is no mistake here.
      if (!response.ok && response.status !== call.status) {
        throw new Error(`The floor got ${response.status} for ${call.path}, not ${call.status}`);
      }
    }, { concurrency }),
    pMap(commits, async (payload) => {
      await sql`INSERT INTO floor_row (payload) VALUES (${payload})`;
    }, { concurrency }),
  ]);
  return (systemClock.monotonicMs() - start) / 1000;
}

const HEADERS = {
  "authorization": "simulator-key",
  "x-goog-api-key": "simulator-key",
  "content-type": "application/json",
  "user-agent": "AlexandriaBackfill/1.0 (bench@alexandria.example)",
};

/** The journal keeps no bodies: the generator's question and the batch of ISBNs are put together again. */
function bodyOf({ method, month, query }: Readonly<JournalEntry>): string | null {
  if (method !== "POST") return null;
  if (query?.isbns) return JSON.stringify({ isbns: query.isbns });
  const asked = parseMonthKey(month ?? "");
  if (!asked) return "{}";
  const prompt = buildPrompt({ month: asked, variant: defaultVariant(asked.year), maxBooks: 20 });
  return JSON.stringify({
    systemInstruction: { parts: [{ text: prompt.system }] },
    contents: [{ role: "user", parts: [{ text: prompt.user }] }],
    generationConfig: {
      responseMimeType: "application/json",
      responseJsonSchema: BOOK_LIST_SCHEMA,
    },
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

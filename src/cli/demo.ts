/** `deno task demo`: the whole product with no keys, no server and no network. */
import { type App, buildApp } from "../app/app.ts";
import { systemClock } from "../clock.ts";
import { type Config, parseConfig, readEnvironment } from "../config.ts";
import { secretsOf } from "../secret_settings.ts";
import { cleanTexts } from "../domain/text/clean_text.ts";
import { createRedactor } from "../domain/text/redaction.ts";
import { MAX_YEAR, MIN_YEAR } from "../domain/months/month.ts";
import { AppError } from "../errors.ts";
import { configureLog, createLog, type Log } from "../log.ts";
import { scheduleMonths } from "../scheduler/schedule_months.ts";
import { DUE_MONTHS } from "../scheduler/schedule_request.ts";
import { seedLog } from "../scheduler/seed_log.ts";
import { countYears } from "../database/stats/backfill_totals.ts";
import type { MonthStatus } from "../domain/months/month_state.ts";
import { REALISTIC_LATENCY } from "../simulator/services.ts";
import { USUAL_ODDITIES } from "../simulator/faults/oddities.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { simulatorSettings } from "../simulator/simulator_settings.ts";
import { type BackfillStats, readBackfillStats } from "../stats/backfill_stats.ts";
import { type DemoPlace, prepareDemoPlace } from "./demo_place.ts";
import { exitOnError, writeError, writeLine } from "./exit_on_error.ts";
import { flag, parseFlags, wholeNumber } from "./parse_flags.ts";
import { progressLine, statsScreen } from "./screens/render_stats.ts";
import { serveApp } from "./serve_app.ts";

/** The years of the log that the demo seeds, as in production. */
const SEEDED_YEARS = { yearStart: 2000, yearEnd: 2024 };
const MAX_BATCH = 50;
const POLL_MS = 250;
/** The demo looks after lost claims and due retries more often than once a minute: somebody watches. */
const RESCUE_MS = 2_000;

const options = await exitOnError(() =>
  parseFlags(Deno.args, {
    command: "deno task demo",
    flags: {
      months: { ...wholeNumber(1, 300), byDefault: 12, help: "how many months to run" },
      year: { ...wholeNumber(MIN_YEAR, MAX_YEAR), byDefault: 2012, help: "the newest year to run" },
      port: { ...wholeNumber(0, 65_535), byDefault: 8000, help: "where to listen; 0 takes any" },
      exit: { ...flag(), help: "end when the months are done" },
      json: { ...flag(), help: "print the final stats as JSON on the last line" },
      keep: { ...flag(), help: "go on with the data of the last demo" },
    },
  })
);

await exitOnError(async () => Deno.exit(await runDemo()));

/** The exit code: 0 when every month of the demo completed. */
async function runDemo(): Promise<number> {
  const place = await prepareDemoPlace(readEnvironment(), { isKept: options.keep });
  const simulator = await startSimulator({
    clock: systemClock,
    latency: REALISTIC_LATENCY,
    oddities: USUAL_ODDITIES,
    seed: 1,
  });
  const config = demoConfig(place, simulator.url);
  await configureLog({
    level: config.LOG_LEVEL,
    format: config.LOG_FORMAT,
    redact: createRedactor(secretsOf(config)),
  });
  const log = createLog();
  writeError("Preparing the database; a new embedded one takes a few seconds");
  const app = await buildApp(config, { clock: systemClock, log, isDemo: true });
  const server = await serveApp(app, {
    config: { ...config, PORT: options.port },
    clock: systemClock,
    log,
  });
  introduce(server.url, { app, config });

  const stopped = new AbortController();
  const interrupted = server.untilSignal().then(() => stopped.abort());
  let isComplete = false;
  try {
    await seedLog(app.scheduler, SEEDED_YEARS);
    await scheduleAll(app);
    const rescuing = rescueForEver(app, { signal: stopped.signal, log });
    isComplete = await watch(app, stopped.signal);
    await finish(app, { isComplete });
    if (!options.exit && !stopped.signal.aborted) {
      writeError(`Still listening on ${server.url}; press Ctrl+C to stop`);
      await interrupted;
    }
    stopped.abort();
    await rescuing;
  } finally {
    await app.shutdown(server.close());
    await simulator.close();
  }
  return isComplete ? 0 : 1;
}

/** Real settings where they are given, the simulator in the place of every outside service. */
function demoConfig(
  { folder, database_url }: DemoPlace,
  simulatorUrl: Simulator["url"],
): Config {
  return parseConfig({
    ALEXANDRIA_WEBHOOK_SECRET: crypto.randomUUID(),
    LOG_LEVEL: "warning",
    RETRY_BASE_SECONDS: "2",
    SNOOZE_SECONDS: "5",
    GENERATORS: "gemini,xai,wikidata",
    ...readEnvironment(),
    DATA_DIR: folder,
    ...(database_url === null ? {} : { DATABASE_URL: database_url }),
    ...simulatorSettings(simulatorUrl),
  });
}

function introduce(url: string, { app, config }: { app: App; config: Config }): void {
  const isGiven = readEnvironment().ALEXANDRIA_WEBHOOK_SECRET !== undefined;
  const secret = isGiven ? "$ALEXANDRIA_WEBHOOK_SECRET" : config.ALEXANDRIA_WEBHOOK_SECRET;
  const { kind, location } = app.scheduler.database;
  writeError(`Alexandria Backfill demo on ${url}
  database: ${kind}, ${location}; every outside service: simulated
  API: curl -H "X-Cron-Secret: ${secret}" ${url}/api/internal/backfill-stats`);
}

/** The years the demo runs: as many as the months fill, the newest of them the one asked for. */
function yearRange(): { start: number; end: number } {
  return { start: options.year - Math.ceil(options.months / 12) + 1, end: options.year };
}

/** Schedules what is still missing to the number of months asked for. */
async function scheduleAll(app: App): Promise<void> {
  const { start, end } = yearRange();
  await seedLog(app.scheduler, { yearStart: start, yearEnd: end });
  let missing = options.months - await countStarted(app);
  while (missing > 0) {
    const { claims, notes } = await scheduleMonths(app.scheduler, {
      request: {
        ...DUE_MONTHS,
        batch_size: Math.min(missing, MAX_BATCH),
        include_recent: true,
        year_range: { start, end },
      },
      startedBy: "demo",
    });
    if (claims.length === 0) {
      throw new AppError("BAD_REQUEST", `No month of ${start}–${end} can run. ${notes.join(" ")}`);
    }
    missing -= claims.length;
  }
}

/** The months of the demo's years by state; those of an earlier demo elsewhere don't count. */
async function countOwn(app: App): Promise<Partial<Record<MonthStatus, number>>> {
  const { start, end } = yearRange();
  return await countYears(app.scheduler.database.sql, { yearStart: start, yearEnd: end });
}

async function countStarted(app: App): Promise<number> {
  const { pending: _, ...started } = await countOwn(app);
  return Object.values(started).reduce((sum, count) => sum + count, 0);
}

async function rescueForEver(
  app: App,
  { signal, log }: { signal: AbortSignal; log: Log },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await systemClock.sleep(RESCUE_MS, signal);
      await app.rescue();
    } catch (error) {
      if (signal.aborted) return;
      log.error("rescue_failed", { error });
    }
  }
}

/** Shows progress until no month is under way; true when all months of the demo are completed. */
async function watch(app: App, signal: AbortSignal): Promise<boolean> {
  const start = systemClock.monotonicMs();
  let shown = "";
  while (!signal.aborted) {
    // Months before books: a month that counts as done has its books in the line.
    const own = await countOwn(app);
    const line = progressLine((await readStats(app)).progress, { own, wanted: options.months });
    const { completed = 0, processing = 0, retry = 0, failed = 0 } = own;
    if (line !== shown) {
      const seconds = ((systemClock.monotonicMs() - start) / 1000).toFixed(1);
      writeError(`${seconds.padStart(6)} s  ${line}`);
    }
    shown = line;
    if (processing + retry === 0 && completed + failed >= options.months) {
      return completed >= options.months && failed === 0;
    }
    await systemClock.sleep(POLL_MS, signal).catch(() => {}); // woken by the signal: the loop ends
  }
  return false;
}

async function readStats({ scheduler }: App): Promise<BackfillStats> {
  return await readBackfillStats(scheduler.database, {
    generators: scheduler.lineup.generators,
  });
}

async function finish(app: App, { isComplete }: { isComplete: boolean }): Promise<void> {
  const stats = await readStats(app);
  writeError(statsScreen(cleanTexts(stats)));
  if (!isComplete) writeError("Not every month completed");
  if (options.json) writeLine(JSON.stringify(stats));
}

import { createApi } from "../api/api.ts";
import type { Clock } from "../clock.ts";
import { composePolicies } from "./compose_policies.ts";
import { composeProviders } from "./compose_providers.ts";
import type { Config } from "../config.ts";
import { type DataDirectory, holdDataDirectory } from "./data_directory.ts";
import type { Database, OpenOptions } from "../database/connection/connection.ts";
import { demandNoDemo, markAsDemo } from "../database/migrations/demo_mark.ts";
import { openEmbeddedDatabase } from "../database/embedded/embedded_database.ts";
import { migrate, readMigrations } from "../database/migrations/migrate.ts";
import { openServerDatabase } from "../database/server/server_database.ts";
import { createRedactor } from "../domain/text/redaction.ts";
import type { Log } from "../log.ts";
import { checkWaitingIsbns } from "../resolution/check_waiting_isbns.ts";
import { createFindingStore } from "../resolution/finding_store.ts";
import { createSharedLookups } from "../resolution/shared_lookups.ts";
import { type MonthJob, runMonthJob } from "../month_job/run_month_job.ts";
import { createJobStatusStore } from "../job_status/job_status.ts";
import { createKvQueue } from "../queue/kv_queue.ts";
import { openKvStore } from "../queue/kv_store.ts";
import { createClaimKeeper } from "../claims/claim_keeper.ts";
import { makeUpTick } from "../scheduler/make_up_tick.ts";
import { rescueMonths, type RescueResult } from "../scheduler/rescue_months.ts";
import { createRescueWatch } from "../scheduler/rescue_watch.ts";
import type { SchedulerContext } from "../scheduler/scheduler_context.ts";
import { tick } from "../scheduler/tick.ts";
import { wakeMonths } from "../limits/wake_months.ts";
import { secretsOf } from "../secret_settings.ts";
import { createStatusReporter } from "../job_status/status_reporter.ts";
import { createWorker, type Worker } from "../worker/worker.ts";

/** The running service, before it listens to anybody. */
export interface App {
  readonly scheduler: SchedulerContext;
  readonly worker: Worker;
  /** What is left out for want of a setting, in sentences. */
  readonly missing: readonly string[];
  /** Answers HTTP requests. */
  fetch(request: Request): Response | Promise<Response>;
  /** One scheduled run; `null` when another process had it. */
  tick(): Promise<number | null>;
  /** Does a scheduled run that was missed; `null` when none was, or another process had it. */
  makeUpTick(): Promise<number | null>;
  /** Makes sure that nothing sticks: months, and ISBNs that wait for their check. */
  rescue(): Promise<RescueResult>;
  /**
   * Ends work in order: running months first and what `answered` waits for, then the queue, then the
   * database. Resolves soon after the grace whatever hangs; the process can then be ended.
   */
  shutdown(answered?: Promise<void>): Promise<void>;
}

const WITH_POOLER = "A pooler is in between: statements are sent without names, one after the " +
  "other's answer, so that each transaction may have another session";

/** After the grace: for giving months back, once or, over a fresh connection, twice. */
const CLOSING_MS = 8_000;

/**
 * Joins the parts: the only place that picks drivers. Migrates the database, takes up what an
 * earlier process on this data directory left, and starts listening to the queue.
 *
 * Throws `AppError` when a part cannot be opened; the parts opened before are closed again.
 */
export async function buildApp(
  config: Config,
  { clock, log, random = Math.random, isDemo = false }: {
    clock: Clock;
    log: Log;
    random?: () => number;
    /** Simulated books are for the database of a demo, and real ones for any other. */
    isDemo?: boolean;
  },
): Promise<App> {
  const closers: (() => void | Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const directory = await holdDataDirectory(config.DATA_DIR);
    closers.push(() => directory.release());
    for (const sentence of directory.warnings) log.warn("data_directory_open", { sentence });
    log.info("database_opening", {
      kind: config.DATABASE_URL === undefined ? "embedded" : "server",
      // Whoever gave them wonders what becomes of them.
      ...(config.DATABASE_URL?.ignored_parameters.length
        ? { ignored_parameters: config.DATABASE_URL.ignored_parameters }
        : {}),
    });
    const database = await openDatabase(config, {
      directory,
      onChange: (error) =>
        error === null ? log.info("database_ready") : log.error("database_not_ready", { error }),
    });
    closers.push(() => database.close());
    if (database.is_pooled) log.info("pooler_found", { sentence: WITH_POOLER });
    await (isDemo ? markAsDemo(database) : demandNoDemo(database));
    const applied = await migrate(database.sql, await readMigrations());
    if (applied.length > 0) log.info("database_migrated", { applied });
    const kv = await openKvStore(directory.queue_path);
    const queue = createKvQueue(kv, { log });
    closers.push(() => queue.close());
    const statuses = createJobStatusStore(kv, { clock });

    const policies = composePolicies(config);
    const { database_wait_ms } = policies;
    const providers = composeProviders(config, { database, clock, log, database_wait_ms });
    const scheduler: SchedulerContext = {
      database,
      queue,
      statuses,
      clock,
      log,
      random,
      instance: directory.instance,
      lease_seconds: config.LEASE_SECONDS,
      recent_months: config.RECENT_MONTHS,
      ask_again_seconds: config.ASK_AGAIN_SECONDS,
      lineup: providers,
      ...policies,
    };
    const reporter = createStatusReporter({ statuses, clock, log });
    closers.push(() => reporter.close());
    const job: MonthJob = {
      clock,
      generators: providers.generators,
      sources: {
        resolvers: providers.resolvers,
        checker: providers.checker,
        findings: createFindingStore({ database, clock }),
        lookups: createSharedLookups({ isShared: ({ decision }) => decision !== null }),
        book_concurrency: config.BOOK_CONCURRENCY,
      },
      outcome_policy: policies.outcome_policy,
      cost_caps: policies.cost_caps,
      model_prices: policies.model_prices,
      database_trouble: database.trouble,
      random,
      onProgress: reporter.report,
    };
    const worker = createWorker({
      claims: createClaimKeeper({
        database,
        clock,
        log,
        worker: directory.instance,
        database_wait_ms,
        lease_seconds: config.LEASE_SECONDS,
      }),
      work: (claim) => runMonthJob(job, claim),
      concurrency: config.MONTH_CONCURRENCY,
      leaseMs: config.LEASE_SECONDS * 1000,
      timeLimitMs: config.MONTH_TIME_LIMIT_SECONDS * 1000,
      clock,
      log,
    });
    const checks = {
      database,
      clock,
      log,
      database_wait_ms,
      checker: providers.checker,
      worker: directory.instance,
    };
    const closing = new AbortController();
    let checking: Promise<unknown> = Promise.resolve();
    const rescues = createRescueWatch(clock);
    const rescue = () =>
      rescues.run(async (): Promise<RescueResult> => {
        const result = await rescueMonths(scheduler, () => worker.held());
        const round = checkWaitingIsbns(checks, { signal: closing.signal });
        checking = Promise.allSettled([checking, round]);
        await round;
        return result;
      });
    queue.listen((message) => worker.accept(message));
    await wakeMonths(scheduler, "started");
    await rescue();
    const api = createApi({
      scheduler,
      rescues,
      log,
      secret: config.ALEXANDRIA_WEBHOOK_SECRET,
      redact: createRedactor(secretsOf(config)),
    });
    return {
      scheduler,
      worker,
      missing: providers.missing,
      fetch: (request) => api.fetch(request),
      tick: () => tick(scheduler, { batchSize: config.TICK_BATCH_SIZE }),
      makeUpTick: () =>
        makeUpTick(scheduler, {
          batchSize: config.TICK_BATCH_SIZE,
          schedule: config.TICK_CRON,
        }),
      rescue,
      async shutdown(answered): Promise<void> {
        const graceMs = config.SHUTDOWN_GRACE_SECONDS * 1000;
        closing.abort();
        const hurry = setTimeout(() => database.hurry(), graceMs);
        const late = Promise.withResolvers<void>();
        const cut = setTimeout(() => {
          log.warn("shutdown_cut", { held: worker.held().length });
          late.resolve();
        }, graceMs + CLOSING_MS);
        const inOrder = Promise.all([answered, checking, worker.shutdown(graceMs)]).then(closeAll);
        await Promise.race([inOrder, late.promise]);
        clearTimeout(hurry);
        clearTimeout(cut);
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The database the settings name: a server, or the embedded one in the data directory. */
async function openDatabase(
  { DATABASE_URL, DATABASE_CONNECTIONS, DATABASE_STATEMENT_SECONDS }: Config,
  { directory, ...options }: { directory: DataDirectory } & OpenOptions,
): Promise<Database> {
  return DATABASE_URL === undefined
    ? await openEmbeddedDatabase(directory.database_path, options)
    : await openServerDatabase(DATABASE_URL, {
      ...options,
      maxConnections: DATABASE_CONNECTIONS,
      statementLimitMs: DATABASE_STATEMENT_SECONDS * 1000,
    });
}

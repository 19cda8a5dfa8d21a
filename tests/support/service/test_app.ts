import { type App, buildApp } from "../../../src/app/app.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";
import { parseConfig } from "../../../src/config.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import type { MonthStatus } from "../../../src/domain/months/month_state.ts";
import { createLog } from "../../../src/log.ts";
import type { LatencyPlan } from "../../../src/simulator/faults/latency.ts";
import type { Oddities } from "../../../src/simulator/faults/oddities.ts";
import { type Simulator, startSimulator } from "../../../src/simulator/simulator.ts";
import { simulatorSettings } from "../../../src/simulator/simulator_settings.ts";
import { DATABASE_KINDS, TEST_DATABASE_URL } from "../postgres/databases.ts";
import { copyPostgresTemplate } from "../postgres/postgres_template.ts";
import { createServerSchema } from "../postgres/server_schema.ts";

export const TEST_SECRET = "a-secret-only-for-tests";

/** For places side by side, and other test files beside them: a server takes 100 connections in all. */
export const FEW_CONNECTIONS = { DATABASE_CONNECTIONS: "2" };

/** A place for a service of its own: data folder, database and simulator. */
export interface TestPlace {
  readonly kind: Database["kind"];
  readonly dataDir: string;
  readonly simulator: Simulator;
  /** Settings that make a service use this place; also good as the environment of a process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A service running in this process. */
export interface TestApp extends TestPlace {
  readonly app: App;
  readonly sql: Database["sql"];
  /** Asks the service's API; `secret` null leaves the header out. */
  call(path: string, body?: unknown, options?: { secret?: string | null }): Promise<Answer>;
  /** Resolves when nothing is processing. */
  quiet(): Promise<void>;
  /** Takes up what waits, and resolves when nothing is processing or waiting to be retried. */
  settled(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- tests read answers of many shapes
  readonly body: any;
}

export interface PlaceOptions {
  readonly latency?: LatencyPlan;
  readonly oddities?: Oddities;
  readonly settings?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Whether an embedded database is migrated before the service comes, which saves its time. */
  readonly isMigrated?: boolean;
}

/** Registers the test once for each kind of database, with a place of its own. */
export function placeTest(
  name: string,
  body: (place: TestPlace) => Promise<void>,
  options: PlaceOptions = {},
): void {
  for (const kind of DATABASE_KINDS) {
    Deno.test({
      name: `${name} [${kind}]`,
      // Deno KV and the embedded engine keep resources that closing does not wait for.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () => withPlace(kind, body, options),
    });
  }
}

/** The same with a running service in the place. */
export function appTest(
  name: string,
  body: (app: TestApp) => Promise<void>,
  options: PlaceOptions = {},
): void {
  placeTest(name, (place) => withApp(place, body, options), options);
}

/** Makes a place for `body` and removes it afterwards. */
export async function withPlace(
  kind: Database["kind"],
  body: (place: TestPlace) => Promise<void>,
  { latency, oddities, settings, clock = systemClock, isMigrated = true }: PlaceOptions = {},
): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "alexandria-test-data-" });
  const simulator = await startSimulator({
    clock,
    seed: 1,
    ...(latency === undefined ? {} : { latency }),
    ...(oddities === undefined ? {} : { oddities }),
  });
  const schema = kind === "server" ? await createServerSchema(TEST_DATABASE_URL!) : null;
  if (kind === "embedded") await copyPostgresTemplate(`${dataDir}/postgres`, { isMigrated });
  const environment = {
    ALEXANDRIA_WEBHOOK_SECRET: TEST_SECRET,
    DATA_DIR: dataDir,
    ...simulatorSettings(simulator.url),
    // One is enough for most tests, and easier to count.
    GENERATORS: "gemini",
    RETRY_BASE_SECONDS: "1",
    SNOOZE_SECONDS: "1",
    LOG_LEVEL: "error",
    ...(schema === null ? {} : { DATABASE_URL: schema.url, DATABASE_CONNECTIONS: "6" }),
    ...settings,
  };
  try {
    await body({ kind, dataDir, simulator, environment });
  } finally {
    await simulator.close();
    await schema?.drop();
    await Deno.remove(dataDir, { recursive: true });
  }
}

/** Runs a service in a place. Can be called again in the same place, as a restart. */
export async function withApp(
  place: TestPlace,
  body: (app: TestApp) => Promise<void>,
  { clock = systemClock }: PlaceOptions = {},
): Promise<void> {
  const app = await buildApp(parseConfig(place.environment), { clock, log: createLog() });
  try {
    await body({
      ...place,
      app,
      sql: app.scheduler.database.sql,
      call: (path, request, options) => call(app, path, { request, ...options }),
      quiet: () => untilNone(app, { statuses: ["processing"] }),
      settled: () =>
        untilNone(app, { statuses: ["processing", "retry"], meanwhile: () => app.rescue() }),
    });
  } finally {
    await app.shutdown();
  }
}

async function call(
  app: App,
  path: string,
  { request, secret = TEST_SECRET }: { request?: unknown; secret?: string | null },
): Promise<Answer> {
  const body = typeof request === "string" ? request : JSON.stringify(request);
  const response = await app.fetch(
    new Request(`http://service${path}`, {
      method: request === undefined ? "GET" : "POST",
      headers: secret === null ? {} : { "X-Cron-Secret": secret },
      ...(request === undefined ? {} : { body }),
    }),
  );
  return { status: response.status, body: await response.json() };
}

const SETTLE_POLL_MS = 20;
const SETTLE_LIMIT_MS = 900_000;

/** Waits until no month has one of the statuses. */
async function untilNone(
  app: App,
  { statuses, meanwhile }: { statuses: MonthStatus[]; meanwhile?: () => Promise<unknown> },
): Promise<void> {
  const start = systemClock.monotonicMs();
  while (true) {
    const [row] = await app.scheduler.database.sql<{ open: number }[]>`
      SELECT count(*)::int AS open FROM backfill_log WHERE status = ANY(${statuses}::text[])`;
    if (row!.open === 0) return;
    if (systemClock.monotonicMs() - start > SETTLE_LIMIT_MS) {
      throw new Error(`${row!.open} months are still under way after ${SETTLE_LIMIT_MS} ms`);
    }
    await meanwhile?.();
    await systemClock.sleep(SETTLE_POLL_MS);
  }
}

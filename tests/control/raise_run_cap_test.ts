import { assertEquals, assertRejects } from "@std/assert";
import { capReachedAlert } from "../../src/alerts/cost_alerts.ts";
import { raiseAlert } from "../../src/alerts/open_and_close.ts";
import { systemClock } from "../../src/clock.ts";
import { raiseRunCap } from "../../src/control/raise_run_cap.ts";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { pauseBackfill, readPause } from "../../src/database/scheduling/pause.ts";
import { readRunCap, startRun } from "../../src/database/scheduling/runs.ts";
import { insertReservation } from "../../src/database/spending/spending.ts";
import { PAUSED_BY_CAP } from "../../src/domain/money/cost_cap.ts";
import { AppError } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import type { Lifting } from "../../src/spending/lift_cost_pause.ts";
import { databaseTest } from "../support/postgres/databases.ts";

const log = createLog();

function lifting(database: Database): Lifting {
  return {
    database,
    clock: systemClock,
    log,
    cost_caps: { max_cost_per_day_usd: null, max_cost_per_run_usd: null },
    lineup: { generators: [], resolvers: [], checker: null },
    model_prices: {},
  };
}

/** A run that has spent 20 cents of 25, for which its cap has paused the backfill. */
async function pausedRun({ sql }: Database): Promise<number> {
  const runId = await startRun(sql, { startedBy: "api", maxCostUsd: 0.25, at: null });
  await insertReservation(sql, {
    runId,
    jobId: crypto.randomUUID(),
    generator: "gemini",
    model: "some-model",
    day: "2026-11-22",
    reservedUsd: 0.2,
    at: null,
  });
  const cap = { scope: "run", id: String(runId), cap_usd: 0.25 } as const;
  const alert = capReachedAlert({ cap, spent_usd: 0.2 }, "the next call may cost $0.10");
  await raiseAlert(sql, { ...alert, at: null }, { log });
  await pauseBackfill(sql, { by: PAUSED_BY_CAP, reason: alert.cause, at: null });
  return runId;
}

databaseTest("raiseRunCap() lets the backfill go on when the cap is higher", async (database) => {
  const { sql } = database;
  const runId = await pausedRun(database);
  const run = { run_id: runId, spent_usd: 0.2 };
  for (const max_cost_usd of [0.1, 0.25]) {
    const answer = await raiseRunCap(lifting(database), { runId, maxCostUsd: max_cost_usd });
    assertEquals(answer, { ...run, max_cost_usd, is_resumed: false });
    assertEquals((await readPause(sql))?.by, PAUSED_BY_CAP);
  }
  const raised = await raiseRunCap(lifting(database), { runId, maxCostUsd: 0.5 });
  assertEquals(raised, { ...run, max_cost_usd: 0.5, is_resumed: true });
  assertEquals(await readPause(sql), null);
  assertEquals((await listOpenAlerts(sql)).length, 0);
});

databaseTest("raiseRunCap() refuses what it cannot do, and changes nothing", async (database) => {
  const runId = await pausedRun(database);
  const unknown = await assertRejects(
    () => raiseRunCap(lifting(database), { runId: runId + 1, maxCostUsd: 1 }),
    AppError,
    `No run ${runId + 1}`,
  );
  assertEquals(unknown.code, "NOT_FOUND");
  const generators = [{ name: "gemini", kind: "model", model: "of-no-price" } as const];
  const unpriced = await assertRejects(
    () =>
      raiseRunCap({
        ...lifting(database),
        lineup: { generators, resolvers: [], checker: null },
      }, { runId, maxCostUsd: 1 }),
    AppError,
    "MODEL_PRICES has no price for of-no-price",
  );
  assertEquals(unpriced.code, "BAD_REQUEST");
  assertEquals(await readRunCap(database.sql, runId), 0.25);
  assertEquals((await readPause(database.sql))?.by, PAUSED_BY_CAP);
});

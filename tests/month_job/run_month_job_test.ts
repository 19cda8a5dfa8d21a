import { assertEquals, assertGreater } from "@std/assert";
import { composePolicies } from "../../src/app/compose_policies.ts";
import { createClaimKeeper } from "../../src/claims/claim_keeper.ts";
import { chooseModels, composeExperiment } from "../../src/cli/experiment_context.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig } from "../../src/config.ts";
import { renewLeases, seedMonths } from "../../src/database/months/months.ts";
import { parseModelChoice } from "../../src/domain/generation/model_choice.ts";
import { AppError, ClaimLostError } from "../../src/errors.ts";
import type { Log } from "../../src/log.ts";
import { runMonthJob } from "../../src/month_job/run_month_job.ts";
import { appTest, type TestApp } from "../support/service/test_app.ts";
import { GEMINI } from "../support/books/experiments.ts";
import { claimNow } from "../support/months/claim_now.ts";

const MONTHS = 12;
const LEASE_SECONDS = 120;

/** What became of one run, as its row, its live status and its log tell it. */
interface Told {
  readonly status: string;
  readonly progress: string;
  readonly events: readonly string[];
}

/** Runs all months of 2012, one after the other; `disturb` gets a hand on each that is being stored. */
async function runAll(
  { app: { scheduler: { database } }, environment, sql }: TestApp,
  disturb: (run: { jobId: string; stop: AbortController; index: number }) => Promise<void>,
): Promise<Told[]> {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const monthIds = (await sql`SELECT id FROM backfill_log`).map(({ id }) => id);
  const claims = await claimNow(sql, {
    monthIds,
    leaseSeconds: LEASE_SECONDS,
    claimedBy: "test",
    at: null,
  });
  const config = parseConfig(environment);
  const told: Told[] = [];
  for (const [index, { job_id: jobId }] of claims.entries()) {
    const stop = new AbortController();
    const events: string[] = [];
    let progress = "";
    let disturbing: Promise<void> | null = null;
    const context = composeExperiment(config, {
      database,
      clock: systemClock,
      log: recordingLog(events),
      models: chooseModels(config, [parseModelChoice(GEMINI)!]),
    });
    const { sources, cost_caps, model_prices, generators } = context;
    const claims = createClaimKeeper({ ...context, lease_seconds: LEASE_SECONDS });
    await claims.hold(jobId, stop.signal, (claim) =>
      runMonthJob({
        clock: systemClock,
        generators,
        sources,
        cost_caps,
        model_prices,
        outcome_policy: composePolicies(config).outcome_policy,
        database_trouble: database.trouble,
        random: Math.random,
        onProgress: (_, { status }) => {
          progress = status;
          if (status === "enriching") disturbing = disturb({ jobId, stop, index });
        },
      }, claim));
    stop.abort();
    await disturbing;
    const [row] = await sql`SELECT status FROM backfill_log WHERE job_id = ${jobId}`;
    told.push({ status: row!.status, progress, events });
  }
  assertEquals(told.length, MONTHS);
  return told;
}

function recordingLog(events: string[]): Log {
  const record = (event: string): void => void events.push(event);
  const log = { debug: record, info: record, warn: record, error: record, with: () => log };
  return log;
}

/** Fails unless each completed month was told as completed; returns how many there are. */
function assertToldRight(told: readonly Told[]): number {
  for (const { status, progress, events } of told) {
    const end = events.filter((event) => /^(month_(?!started)|claim_lost)/.test(event));
    if (status === "completed") assertEquals([progress, end], ["complete", ["month_completed"]]);
    else assertEquals([status, progress, end], ["retry", "failed", [end[0]]]);
  }
  return told.filter(({ status }) => status === "completed").length;
}

appTest("a month that completes while its lease is renewed is not lost", async (service) => {
  const told = await runAll(service, async ({ jobId, stop }) => {
    while (!stop.signal.aborted) {
      const held = await renewLeases(service.sql, {
        jobIds: [jobId],
        leaseSeconds: LEASE_SECONDS,
        at: null,
      });
      if (!held.includes(jobId)) stop.abort(new ClaimLostError(jobId));
    }
  });
  assertEquals(assertToldRight(told), MONTHS);
});

for (const code of ["TIME_LIMIT", "SHUTTING_DOWN"] as const) {
  appTest(`a month stopped by ${code} while it is stored is told as it ended`, async (service) => {
    const told = await runAll(service, async ({ stop, index }) => {
      // At another step of the storing each time; the last comes when it is over.
      for (let step = 0; step < 2 ** index / 4; step++) await systemClock.sleep(0);
      stop.abort(new AppError(code, "Stopped by the test"));
    });
    assertGreater(assertToldRight(told), 0);
  });
}

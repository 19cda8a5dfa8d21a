import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { systemClock } from "../../src/clock.ts";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { readPause } from "../../src/database/scheduling/pause.ts";
import { retryingDatabase } from "../../src/database/connection/retrying_database.ts";
import { type ClaimedMonth, seedMonths } from "../../src/database/months/months.ts";
import { settleSpending } from "../../src/database/spending/spending.ts";
import type { Generator } from "../../src/domain/generation/generator.ts";
import { BOOK_LIST_SCHEMA, buildPrompt } from "../../src/domain/generation/prompt.ts";
import { AppError } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import {
  type Call,
  type Reservation,
  type ReservationResult,
  reserveCost,
  type Spending,
} from "../../src/spending/reserve_cost.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { claimNow } from "../support/months/claim_now.ts";

const MODEL = "some-model";
const prices = { [MODEL]: { input_usd: 1, output_usd: 4 } };

/** Whom the money is for; it is not asked here. */
const generator: Generator = {
  name: "gemini",
  kind: "model",
  model: MODEL,
  generate: () => Promise.reject(new Error("not asked")),
};

function spending(
  database: Database,
  caps: Partial<Spending["cost_caps"]>,
  signal = new AbortController().signal,
): Spending {
  const parts = { clock: systemClock, log: createLog(), signal };
  return {
    ...parts,
    database: retryingDatabase(database, { ...parts, limitMs: 10_000 }),
    cost_caps: { max_cost_per_day_usd: null, max_cost_per_run_usd: null, ...caps },
    model_prices: prices,
  };
}

/** Claims of `count` months, all of one run. */
async function claim({ sql }: Database, count: number): Promise<ClaimedMonth[]> {
  await seedMonths(sql, { yearStart: 2000, yearEnd: 2009 });
  const rows = await sql<{ id: number }[]>`
    SELECT id FROM backfill_log WHERE status = 'pending' ORDER BY id LIMIT ${count}`;
  const [run] = await sql<{ id: number }[]>`
    INSERT INTO run (started_by, started_at) VALUES ('api', now()) RETURNING id`;
  return await claimNow(sql, {
    monthIds: rows.map(({ id }) => id),
    leaseSeconds: 600,
    claimedBy: "test",
    runId: run!.id,
    at: null,
  });
}

function callFor(
  { job_id, year, month: number }: ClaimedMonth,
  tokens: { wanted: number; needed: number },
): Call {
  const month = { year, month: number };
  const prompt = buildPrompt({ month, variant: "baseline", maxBooks: 20 });
  const request = {
    month,
    max_books: 20,
    prompt,
    answer_schema: BOOK_LIST_SCHEMA,
    max_output_tokens: tokens.wanted,
  };
  return { job_id, generator, request, needed_output_tokens: tokens.needed };
}

/** What was reserved; fails when the call was refused. */
function granted(result: ReservationResult): Reservation {
  assert(result.kind === "reserved", JSON.stringify(result));
  return result.reservation;
}

function refusal(result: ReservationResult): string {
  assert(result.kind === "refused", JSON.stringify(result));
  return result.reason;
}

async function spent({ sql }: Database): Promise<number> {
  const [row] = await sql<{ usd: number }[]>`
    SELECT coalesce(sum(coalesce(cost_usd, reserved_usd)), 0)::float8 AS usd FROM spending`;
  return row!.usd;
}

databaseTest(
  "however many calls at once cost whatever they cost, no cap is broken",
  async (database) => {
    const { sql } = database;
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(share, { minLength: 2, maxLength: 12 }),
        fc.integer({ min: 10_000, max: 300_000 }).map((micro) => micro / 1_000_000),
        fc.constantFrom("max_cost_per_day_usd", "max_cost_per_run_usd"),
        async (shares, cap, name) => {
          await sql`TRUNCATE backfill_log, backfill_attempt, run, spending, alert CASCADE`;
          await sql`UPDATE control SET is_paused = false, paused_at = NULL`;
          const runs = await claim(database, shares.length);
          const context = spending(database, { [name]: cap });
          let highest = 0;
          let fewest = Infinity;
          const ends = await Promise.all(runs.map(async (run, index) => {
            const call = callFor(run, { wanted: 16_384, needed: 4_000 });
            const result = await reserveCost(context, call);
            if (result.kind === "refused") return result;
            const { entry, max_output_tokens } = result.reservation;
            highest = Math.max(highest, await spent(database));
            fewest = Math.min(fewest, max_output_tokens);
            const [row] = await sql<{ usd: number }[]>`
              SELECT reserved_usd::float8 AS usd FROM spending WHERE id = ${entry!.spending_id}`;
            const costUsd = Math.floor(row!.usd * shares[index]! * 1e6) / 1e6;
            await settleSpending(sql, { id: entry!.spending_id, costUsd, at: null });
            return result;
          }));
          assert(highest <= cap + 1e-9, `${highest} of ${cap} were spent or reserved`);
          assert(fewest >= 4_000);
          const refused = ends.filter(({ kind }) => kind === "refused");
          const pause = await readPause(sql);
          assertEquals(pause?.by, refused.length > 0 ? "cost cap" : undefined);
          assertEquals((await listOpenAlerts(sql)).length, refused.length > 0 ? 1 : 0);
        },
      ),
      { numRuns: 8 },
    );
  },
);

databaseTest("a backfill's row that was deleted by hand breaks no cap", async (database) => {
  await database.sql`DELETE FROM control`;
  const runs = await claim(database, 8);
  const context = spending(database, { max_cost_per_run_usd: 0.07 });
  const ends = await Promise.all(runs.map(async (run) => {
    const result = await reserveCost(context, callFor(run, { wanted: 4_000, needed: 4_000 }));
    if (result.kind === "refused") return result;
    const { entry } = result.reservation;
    await settleSpending(database.sql, { id: entry!.spending_id, costUsd: null, at: null });
    return result;
  }));
  assertGreater(ends.filter(({ kind }) => kind === "reserved").length, 0);
  assert(await spent(database) <= 0.07);
  assertEquals((await readPause(database.sql))?.by, "cost cap");
});

databaseTest("a reservation is waited for only while somebody works on it", async (database) => {
  const [first, second] = await claim(database, 2);
  const context = spending(database, { max_cost_per_run_usd: 0.07 });
  const tokens = { wanted: 16_384, needed: 4_000 };
  const { entry } = granted(await reserveCost(context, callFor(first!, tokens)));
  const waiting = reserveCost(context, callFor(second!, tokens));
  await systemClock.sleep(400);
  assertEquals(await readPause(database.sql), null);
  // The first one's worker is gone: what it reserved counts as spent.
  await database.sql`
    UPDATE backfill_attempt SET outcome = 'lost', ended_at = now() WHERE job_id = ${first!.job_id}`;
  refusal(await waiting);
  const [row] = await database.sql`SELECT settled_at FROM spending WHERE id = ${
    entry!.spending_id
  }`;
  assertEquals(row!.settled_at, null);
  assertGreater((await readPause(database.sql))!.reason!.length, 0);
});

databaseTest("waiting for money ends when the month is stopped", async (database) => {
  const [first, second] = await claim(database, 2);
  const context = spending(database, { max_cost_per_run_usd: 0.07 });
  const tokens = { wanted: 16_384, needed: 4_000 };
  await reserveCost(context, callFor(first!, tokens));
  const stop = new AbortController();
  const stopped = spending(database, { max_cost_per_run_usd: 0.07 }, stop.signal);
  const waiting = reserveCost(stopped, callFor(second!, tokens));
  stop.abort(new AppError("SHUTTING_DOWN", "The service is shutting down"));
  assertEquals((await assertRejects(() => waiting, AppError)).code, "SHUTTING_DOWN");
  assertEquals(await readPause(database.sql), null);
});

databaseTest(
  "without a cap everything fits, and without a price nothing is reserved",
  async (database) => {
    const [run] = await claim(database, 1);
    const context = spending(database, {});
    const tokens = { wanted: 65_536, needed: 4_000 };
    const known = granted(await reserveCost(context, callFor(run!, tokens)));
    assertEquals(known.max_output_tokens, 65_536);
    assertGreater(await spent(database), 0.26);
    const unknown = await reserveCost({ ...context, model_prices: {} }, callFor(run!, tokens));
    assertEquals(granted(unknown), { entry: null, max_output_tokens: 65_536 });
  },
);

databaseTest("a run's cap cannot be kept for a model without a price", async (database) => {
  const [run] = await claim(database, 1);
  await database.sql`UPDATE run SET max_cost_usd = 5`;
  const context = { ...spending(database, {}), model_prices: {} };
  const call = callFor(run!, { wanted: 16_384, needed: 4_000 });
  assertStringIncludes(refusal(await reserveCost(context, call)), `${MODEL} has no price`);
});

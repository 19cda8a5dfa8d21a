import { assert, assertEquals } from "@std/assert";
import { beginAttempt } from "../../src/database/months/attempts.ts";
import { MAX_LOSSES_IN_ROW } from "../../src/domain/months/month_state.ts";
import { rescueMonths } from "../../src/scheduler/rescue_months.ts";
import { appTest, type TestApp } from "../support/service/test_app.ts";
import { claimNow } from "../support/months/claim_now.ts";

/** One claimed month whose worker, another process, has begun and then vanished. */
async function claimAndVanish(
  { sql, call }: TestApp,
  { isBegun }: { isBegun: boolean },
): Promise<string> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await sql`DELETE FROM backfill_log WHERE month > 1`;
  return await claimAgain(sql, { isBegun });
}

async function claimAgain(
  sql: TestApp["sql"],
  { isBegun }: { isBegun: boolean },
): Promise<string> {
  await sql`UPDATE backfill_log SET next_attempt_at = NULL`;
  const [row] = await sql<{ id: number }[]>`SELECT id FROM backfill_log`;
  const [claim] = await claimNow(sql, {
    monthIds: [row!.id],
    leaseSeconds: 120,
    claimedBy: "vanished",
    at: null,
  });
  const jobId = claim!.job_id;
  if (isBegun) assert(await beginAttempt(sql, { jobId, worker: "vanished", at: null }));
  return jobId;
}

async function lapse(sql: TestApp["sql"]): Promise<void> {
  await sql`UPDATE backfill_log SET lease_expires_at = now() - interval '1 second'`;
}

/** Rescues without taking the month up again, so that the test sees what the rescue made of it. */
async function rescueOnly({ app, sql }: TestApp): Promise<void> {
  await sql`UPDATE control SET is_paused = true, paused_at = now()`;
  await rescueMonths(app.scheduler, () => []);
}

async function month(sql: TestApp["sql"]): Promise<Record<string, unknown>> {
  const [row] = await sql`SELECT status, retry_count, error_message FROM backfill_log`;
  return { ...row };
}

appTest("a claim whose lease holds is left to its worker", async (service) => {
  await claimAndVanish(service, { isBegun: true });
  await rescueOnly(service);
  assertEquals((await month(service.sql)).status, "processing");
});

appTest("a lapsed claim that never began goes on at once and costs nothing", async (service) => {
  const jobId = await claimAndVanish(service, { isBegun: false });
  await lapse(service.sql);
  await rescueOnly(service);
  assertEquals(await month(service.sql), { status: "retry", retry_count: 0, error_message: null });
  const [attempt] = await service.sql`
    SELECT outcome, error_code FROM backfill_attempt WHERE job_id = ${jobId}`;
  assertEquals({ ...attempt }, { outcome: "lost", error_code: "LOST" });
});

appTest(
  "a month that takes its worker with it again and again is failed at last",
  async (service) => {
    await claimAndVanish(service, { isBegun: true });
    for (let loss = 1; loss < MAX_LOSSES_IN_ROW; loss++) {
      await lapse(service.sql);
      await rescueOnly(service);
      assertEquals((await month(service.sql)).status, "retry", `after loss ${loss}`);
      await claimAgain(service.sql, { isBegun: true });
    }
    await lapse(service.sql);
    await rescueOnly(service);
    assertEquals((await month(service.sql)).status, "failed");
  },
);

appTest("a run that left an answer behind starts the count anew", async (service) => {
  let jobId = await claimAndVanish(service, { isBegun: true });
  for (let loss = 1; loss < 2 * MAX_LOSSES_IN_ROW; loss++) {
    if (loss % 8 === 0) {
      await service.sql`INSERT INTO evidence (resolution_key, provider, works, job_id, asked_at,
        expires_at) VALUES (${`key ${loss}`}, 'isbndb', '[]', ${jobId}, now(), now())`;
    }
    await lapse(service.sql);
    await rescueOnly(service);
    assertEquals((await month(service.sql)).status, "retry", `after loss ${loss}`);
    jobId = await claimAgain(service.sql, { isBegun: true });
  }
});

appTest("a month whose worker vanished is taken up again and completes", async (service) => {
  await claimAndVanish(service, { isBegun: true });
  await lapse(service.sql);
  await service.settled();
  assertEquals((await month(service.sql)).status, "completed");
});

appTest("a hint that was lost is sent again", async (service) => {
  await claimAndVanish(service, { isBegun: false });
  await service.sql`UPDATE backfill_attempt SET hinted_at = now() - interval '2 minutes'`;
  const { hinted } = await service.app.rescue();
  assertEquals(hinted, 1);
  await service.settled();
  assertEquals((await month(service.sql)).status, "completed");
});

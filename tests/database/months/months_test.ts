import fc from "fast-check";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Database } from "../../../src/database/connection/connection.ts";
import {
  completeMonth,
  failMonth,
  forceMonths,
  lockClaim,
  releaseMonth,
  renewLeases,
  rerunMonths,
  retryMonth,
  seedMonths,
  snoozeMonth,
} from "../../../src/database/months/months.ts";
import { MAX_ATTEMPTS, type MonthStatus } from "../../../src/domain/months/month_state.ts";
import { ClaimLostError } from "../../../src/errors.ts";
import { databaseTest } from "../../support/postgres/databases.ts";
import { claimNow } from "../../support/months/claim_now.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const LEASE_SECONDS = 120;

/** What the specification says a row is; the database must agree after every move. */
interface ModelMonth {
  id: number;
  status: MonthStatus;
  retries: number;
  /** The token of the claim it is processing under. */
  token: string | null;
  dueAt: number | null;
}

type Action =
  | { readonly kind: "claim" | "force" | "rerun" | "by_hand_pending" | "by_hand_retry"; at: number }
  | {
    readonly kind:
      | "renew"
      | "lock"
      | "complete"
      | "retry"
      | "fail"
      | "fail_final"
      | "snooze"
      | "release";
    readonly at: number;
    /** Which of the tokens ever given out is used: most are stale by then. */
    readonly token: number;
  }
  | { readonly kind: "wait"; readonly seconds: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("claim" as const), at: fc.nat(2) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "renew",
        "lock",
        "complete",
        "retry",
        "retry",
        "retry",
        "fail",
        "fail_final",
        "snooze",
        "release",
      ),
      at: fc.nat(2),
      // Biased to the newest tokens, so that legal moves are common.
      token: fc.oneof(fc.constantFrom(0, 0, 0, 1, 2), fc.nat(30)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("force", "rerun", "by_hand_pending", "by_hand_retry"),
      at: fc.nat(2),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.nat(100) }) },
);

class Machine {
  readonly tokens: string[] = [];
  now = START;

  constructor(readonly database: Database, readonly months: ModelMonth[]) {}

  async run(actions: readonly Action[]): Promise<void> {
    for (const one of actions) {
      if (one.kind === "wait") this.now += one.seconds * 1000;
      else if ("token" in one) await this.fenced(one.kind, this.tokens.at(-1 - one.token));
      else await this.unfenced(one.kind, this.months[one.at]!);
      await this.compare(one);
    }
  }

  async unfenced(kind: string, month: ModelMonth): Promise<void> {
    const { sql } = this.database;
    const at = new Date(this.now);
    switch (kind) {
      case "claim": {
        const claims = await claimNow(sql, {
          monthIds: [month.id],
          leaseSeconds: LEASE_SECONDS,
          claimedBy: "test",
          at,
        });
        const isLegal = month.status === "pending" ||
          month.status === "retry" && (month.dueAt === null || month.dueAt <= this.now);
        assertEquals(claims.length, isLegal ? 1 : 0, `claim of a ${month.status} month`);
        if (!isLegal) return;
        this.tokens.push(claims[0]!.job_id);
        Object.assign(month, { status: "processing", token: claims[0]!.job_id, dueAt: null });
        return;
      }
      case "force":
      case "rerun": {
        const move = kind === "force" ? forceMonths : rerunMonths;
        const from = kind === "force" ? "failed" : "completed";
        const moved = await move(sql, [month.id]);
        assertEquals(moved, month.status === from ? [month.id] : []);
        if (month.status === from) {
          Object.assign(month, { status: "pending", retries: 0, token: null, dueAt: null });
        }
        return;
      }
      case "by_hand_pending":
        await sql`UPDATE backfill_log SET status = 'pending', started_at = NULL, completed_at = NULL,
          error_message = NULL, retry_count = 0 WHERE id = ${month.id}
          AND status IN ('failed', 'processing')`;
        if (month.status === "failed" || month.status === "processing") {
          Object.assign(month, { status: "pending", retries: 0, token: null });
        }
        return;
      case "by_hand_retry":
        await sql`UPDATE backfill_log SET status = 'retry', retry_count = retry_count + 1
          WHERE id = ${month.id} AND status = 'processing' AND retry_count < 5`;
        if (month.status === "processing" && month.retries < MAX_ATTEMPTS) {
          Object.assign(month, { status: "retry", retries: month.retries + 1, token: null });
          month.dueAt = null;
        }
    }
  }

  async fenced(kind: string, token: string | undefined): Promise<void> {
    const jobId = token ?? crypto.randomUUID();
    const month = this.months.find((one) => one.token === jobId && one.status === "processing");
    const isLast = month !== undefined && month.retries + 1 >= MAX_ATTEMPTS;
    const isLegal = month !== undefined && !(kind === "retry" && isLast) &&
      !(kind === "fail" && !isLast);
    if (kind === "renew") {
      const held = await renewLeases(this.database.sql, {
        jobIds: [jobId],
        leaseSeconds: LEASE_SECONDS,
        at: new Date(this.now),
      });
      assertEquals(held, isLegal ? [jobId] : []);
      return;
    }
    const write = (): Promise<unknown> => this.write(kind, jobId);
    if (!isLegal) {
      await assertRejects(write, ClaimLostError);
      return;
    }
    await write();
    this.follow(kind, month);
  }

  write(kind: string, jobId: string): Promise<unknown> {
    const { sql } = this.database;
    const at = new Date(this.now);
    switch (kind) {
      case "lock":
        return sql.begin((tx) => lockClaim(tx, jobId));
      case "complete":
        return completeMonth(sql, {
          jobId,
          counts: { books_generated: 7, isbns_resolved: 5, isbns_queued: 3 },
          promptVariant: "baseline",
          note: null,
          at,
        });
      case "retry":
        return retryMonth(sql, { jobId, message: "it broke", delaySeconds: 60, at });
      case "snooze":
        return snoozeMonth(sql, { jobId, message: "wait", delaySeconds: 60, at });
      case "release":
        return releaseMonth(sql, { jobId, at });
      default:
        return failMonth(sql, { jobId, message: "gone", isFinal: kind === "fail_final", at });
    }
  }

  follow(kind: string, month: ModelMonth): void {
    switch (kind) {
      case "complete":
        Object.assign(month, { status: "completed", token: null });
        break;
      case "retry":
        Object.assign(month, { status: "retry", token: null, dueAt: this.now + 60_000 });
        month.retries += 1;
        break;
      case "snooze":
        Object.assign(month, { status: "retry", token: null, dueAt: this.now + 60_000 });
        break;
      case "release":
        Object.assign(month, { status: "retry", token: null, dueAt: this.now });
        break;
      case "fail":
      case "fail_final":
        Object.assign(month, { status: "failed", token: null });
        month.retries = Math.min(month.retries + 1, MAX_ATTEMPTS);
        break;
    }
  }

  async compare(after: Action): Promise<void> {
    const rows = await this.database.sql<
      { id: number; status: MonthStatus; retries: number; starts: boolean; ends: boolean }[]
    >`
      SELECT id, status, retry_count AS retries, started_at IS NOT NULL AS starts,
        completed_at IS NOT NULL AND completed_at >= started_at AS ends
      FROM backfill_log ORDER BY id`;
    const expected = this.months.map(({ id, status, retries }) => ({ id, status, retries }));
    assertEquals(
      rows.map(({ id, status, retries }) => ({ id, status, retries })),
      expected,
      `after ${JSON.stringify(after)}`,
    );
    for (const { status, starts, ends } of rows) {
      assertEquals(ends, status === "completed" || status === "failed");
      assert(starts || status === "pending" || status === "retry");
    }
  }
}

databaseTest("the month's moves keep to the model on every path", async (database) => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60 }), async (actions) => {
      await database.sql`DELETE FROM backfill_log`;
      await seedMonths(database.sql, { yearStart: 2020, yearEnd: 2020 });
      await database.sql`DELETE FROM backfill_log WHERE month > 3`;
      const rows = await database.sql<{ id: number }[]>`SELECT id FROM backfill_log ORDER BY id`;
      const months = rows.map(({ id }): ModelMonth => ({
        id,
        status: "pending",
        retries: 0,
        token: null,
        dueAt: null,
      }));
      await new Machine(database, months).run(actions);
    }),
    { numRuns: 40 },
  );
});

databaseTest("retry, restart and fail again never meets a CHECK", async ({ sql }) => {
  await seedMonths(sql, { yearStart: 2020, yearEnd: 2020 });
  const [row] = await sql<{ id: number }[]>`SELECT id FROM backfill_log LIMIT 1`;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const [claim] = await claimNow(sql, {
      monthIds: [row!.id],
      leaseSeconds: LEASE_SECONDS,
      claimedBy: "test",
      at: null,
    });
    const end = { jobId: claim!.job_id, message: "it broke", at: null };
    if (attempt < MAX_ATTEMPTS) await retryMonth(sql, { ...end, delaySeconds: 0 });
    else await failMonth(sql, { ...end, isFinal: false });
  }
  const [ended] = await sql`SELECT status, retry_count FROM backfill_log WHERE id = ${row!.id}`;
  assertEquals({ ...ended }, { status: "failed", retry_count: MAX_ATTEMPTS });
});

databaseTest(
  "completeMonth() ends no earlier than it started when the clock steps back",
  async ({ sql }) => {
    await seedMonths(sql, { yearStart: 2020, yearEnd: 2020 });
    const [row] = await sql<{ id: number }[]>`SELECT id FROM backfill_log LIMIT 1`;
    const [claim] = await claimNow(sql, {
      monthIds: [row!.id],
      leaseSeconds: LEASE_SECONDS,
      claimedBy: "test",
      at: new Date(START),
    });
    await completeMonth(sql, {
      jobId: claim!.job_id,
      counts: { books_generated: 0, isbns_resolved: 0, isbns_queued: 0 },
      promptVariant: "baseline",
      note: null,
      at: new Date(START - 3_600_000),
    });
    const [ended] =
      await sql`SELECT completed_at = started_at AS same, resolution_rate FROM backfill_log
    WHERE id = ${row!.id}`;
    assertEquals({ ...ended }, { same: true, resolution_rate: null });
  },
);

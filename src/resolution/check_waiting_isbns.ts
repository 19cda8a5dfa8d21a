import { readPause } from "../database/scheduling/pause.ts";
import { dropCronLease, takeCronLease } from "../database/scheduling/cron_leases.ts";
import { listWaitingIsbns, type WaitingIsbn } from "../database/resolution/isbn_checks.ts";
import { isRefusedRecord } from "../database/catalogue/refused_record.ts";
import { recordOf } from "../domain/isbns/isbn_check.ts";
import type { BatchChecker, ResolverAnswer, WorkCandidate } from "../domain/matching/resolver.ts";
import { endAlerts, raiseAlert } from "../alerts/open_and_close.ts";
import { uncheckedIsbnsAlert } from "../alerts/resolver_alerts.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";
import {
  type RetryingDatabase,
  retryingDatabase,
} from "../database/connection/retrying_database.ts";
import type { Log } from "../log.ts";
import { settleIsbn } from "./settle_isbn.ts";

/** The first batch is small: where nobody answers, it alone is paid for. */
const FIRST_BATCH = 10;
const BATCH = 100;

/** Longer than a batch takes; the next run comes a minute later. */
const LEASE_SECONDS = 300;
/** The rescue of months waits for the round, however many ISBNs wait: the next one goes on with them. */
const ROUND_MS = 60_000;
const TASK = "check_isbns";

/**
 * How long ISBNs may wait before an operator is told. A spent quota comes back at midnight, and only a
 * backlog of several days outlasts it.
 */
const PATIENCE_SECONDS = { quota_spent: 25 * 3600, otherwise: 3600 } as const;

/** What checking ISBNs takes. */
interface Checking {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly database_wait_ms: number;
  readonly checker: BatchChecker | null;
  /** Names this process in leases. */
  readonly worker: string;
}

/** What a round of checks came to, in ISBNs. */
export interface CheckRound {
  readonly checked: number;
  /** Of those, the ones that turned out to be another book's, and were taken back. */
  readonly disowned: number;
}

/**
 * Takes up the ISBNs that wait for their check, whoever found them and however long ago: each is checked
 * or, where it is another book's, taken back from everything that says it. Tells the operator when the
 * wait lasts. Safe to run at any time, by any number of processes; one of them does it. An aborted
 * `signal` ends it with what was done.
 *
 * Throws what the database throws.
 */
export async function checkWaitingIsbns(
  context: Checking,
  { signal }: { signal: AbortSignal },
): Promise<CheckRound> {
  const { checker, database: { sql }, clock, log, worker, database_wait_ms: limitMs } = context;
  const database = retryingDatabase(context.database, { clock, log, signal, limitMs });
  const round = { checked: 0, disowned: 0 };
  if (checker === null || await readPause(sql) !== null) return round;
  const lease = { task: TASK, by: worker };
  const isOurs = await takeCronLease(sql, {
    ...lease,
    seconds: LEASE_SECONDS,
    at: clock.sqlNow(),
  });
  if (!isOurs) return round;
  try {
    const refused = new Set<string>();
    const endsAtMs = clock.monotonicMs() + ROUND_MS;
    const isOver = (): boolean => signal.aborted || clock.monotonicMs() >= endsAtMs;
    for (let size = FIRST_BATCH; !isOver(); size = BATCH) {
      const waiting =
        (await listWaitingIsbns(sql, { limit: size + refused.size, at: clock.sqlNow() }))
          .filter(({ isbn13 }) => !refused.has(isbn13));
      const [oldest] = waiting;
      if (oldest === undefined) {
        await endAlert(context, checker);
        break;
      }
      const isbns = waiting.map(({ isbn13 }) => isbn13);
      const answer = await checker.checkIsbns(isbns, { signal, onCall: () => {} });
      if (answer.kind === "unavailable") {
        await tellWhenItLasts(context, { checker, answer, oldest });
        break;
      }
      await endAlert(context, checker);
      const works = answer.kind === "candidates" ? answer.works : [];
      for (const isbn13 of isbns) {
        const outcome = await settle(context, { database, isbn13, works });
        if (outcome === "refused") refused.add(isbn13);
        else round.checked++;
        if (outcome === "disowned") round.disowned++;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    // Kept, it would put off the next round for minutes.
    await database.ask((sql) => dropCronLease(sql, lease));
  }
  if (round.checked > 0) log.info("isbns_checked", { ...round });
  return round;
}

/** One that cannot be written must not keep the others waiting. */
async function settle(
  { clock, log }: Checking,
  { database, isbn13, works }: {
    database: RetryingDatabase;
    isbn13: string;
    works: readonly WorkCandidate[];
  },
): Promise<"stands" | "disowned" | "refused"> {
  const record = recordOf(isbn13, works);
  try {
    // What it was paid for is held: a check that cannot be written would be paid for again.
    const reason = await database.transact((tx) => settleIsbn(tx, { isbn13, record, clock }));
    if (reason === null) return "stands";
    log.warn("isbn_disowned", { isbn13, reason });
    return "disowned";
  } catch (error) {
    if (!isRefusedRecord(error)) throw error;
    log.error("isbn_not_settled", { isbn13, error });
    return "refused";
  }
}

async function tellWhenItLasts(
  { database, clock, log }: Checking,
  { checker, answer, oldest }: {
    checker: BatchChecker;
    answer: Extract<ResolverAnswer, { kind: "unavailable" }>;
    oldest: WaitingIsbn;
  },
): Promise<void> {
  const { reason, message } = answer;
  const since = oldest.waiting_since;
  log.info("isbns_still_wait", { provider: checker.name, since, reason, message });
  const patience = reason === "quota_spent"
    ? PATIENCE_SECONDS.quota_spent
    : PATIENCE_SECONDS.otherwise;
  if (oldest.waited_seconds < patience) return;
  const alert = uncheckedIsbnsAlert(checker.name, { since, reason, message });
  await raiseAlert(database.sql, { ...alert, at: clock.sqlNow() }, { log });
}

async function endAlert(
  { database, clock, log }: Checking,
  { name }: BatchChecker,
): Promise<void> {
  const alerts = [{ kind: "isbns_unchecked", subject: name } as const];
  await endAlerts(database.sql, { alerts, at: clock.sqlNow() }, { log });
}

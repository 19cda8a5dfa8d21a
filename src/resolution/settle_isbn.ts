import type { Transaction } from "../database/connection/connection.ts";
import { markChecked } from "../database/catalogue/editions.ts";
import {
  findBareWork,
  findNamedEdition,
  lockMonthsThatFound,
  lockWaitingDecisions,
  type NamedEdition,
  recountMonths,
  removeEdition,
  removeWork,
  takeBackIsbn,
} from "../database/resolution/isbn_checks.ts";
import { storeFindings } from "../database/resolution/resolutions.ts";
import {
  findIdenticalWork,
  lockBooks,
  mergeWorks,
  rewriteWorks,
} from "../database/catalogue/works.ts";
import { linkBookAuthors } from "../catalogue/link_book_authors.ts";
import { removeBareAuthors, unlinkAuthors } from "../database/catalogue/authors.ts";
import { keysOfBook, namedBook } from "../domain/catalogue/confirmed_book.ts";
import { authorKeys } from "../domain/names/author_name.ts";
import { SYNTHETIC_COMPLETENESS } from "../domain/catalogue/completeness.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import { disownment, judgeDecision, namesOf } from "../domain/isbns/isbn_check.ts";
import type { WorkCandidate } from "../domain/matching/resolver.ts";
import type { BookName } from "../domain/matching/same_book.ts";
import type { Clock } from "../clock.ts";
import { keptEvidence, resolutionOf } from "./remember_finding.ts";
import { renameCheckedWork } from "./rename_checked_work.ts";

/**
 * Writes what the check of a waiting ISBN came to: `record` is what the checker
 * knows under it, undefined when it knows nothing. Every decision for the ISBN is judged by what was
 * asked for, the stored edition by the decision it came from, or else by the names of its work. Returns
 * why the stored ISBN, or all decisions for it, had to be taken back; null when it stands.
 */
export async function settleIsbn(
  tx: Transaction,
  { isbn13, record, clock }: { isbn13: string; record: WorkCandidate | undefined; clock: Clock },
): Promise<string | null> {
  const at = clock.sqlNow();
  // Months first, as in the transactions that store months.
  const months = await lockMonthsThatFound(tx, isbn13);
  const edition = await lockBook(tx, { isbn13, record });
  const judged = await judgeDecisions(tx, { isbn13, record, at });
  const disownedKeys = judged.filter(({ reason }) => reason !== null).map(({ key }) => key);
  const reason = edition === null
    ? judged.find((one) => one.reason !== null)?.reason ?? null
    : reasonAgainst(edition, { isbn13, record, judged });
  if (edition === null || reason === null) {
    await markChecked(tx, [isbn13]);
    if (disownedKeys.length > 0) await takeBackIsbn(tx, { isbn13, keys: disownedKeys });
    if (edition !== null && record !== undefined) {
      await renameCheckedWork(tx, { workId: edition.work_id, at });
    }
  } else {
    await takeBackIsbn(tx, { isbn13, keys: null });
    await removeEdition(tx, isbn13);
    await settleBareWork(tx, { workId: edition.work_id, at });
  }
  if (months.length > 0) await recountMonths(tx, months);
  return reason;
}

/** No month stores the ISBN, or another book of its authors, until the transaction ends. */
async function lockBook(
  tx: Transaction,
  { isbn13, record }: { isbn13: string; record: WorkCandidate | undefined },
): Promise<NamedEdition | null> {
  const before = await findNamedEdition(tx, isbn13);
  const credits = [...(before?.credits ?? []), ...(record?.authors ?? [])];
  await lockBooks(tx, [isbn13, ...credits.flatMap(authorKeys)]);
  return await findNamedEdition(tx, isbn13);
}

interface Judged {
  readonly key: string;
  readonly reason: string | null;
}

/** Remembers what each waiting decision becomes. */
async function judgeDecisions(
  tx: Transaction,
  { isbn13, record, at }: { isbn13: string; record: WorkCandidate | undefined; at: Date | null },
): Promise<Judged[]> {
  const waiting = await lockWaitingDecisions(tx, isbn13);
  const judged = waiting.map((one) => {
    const decision: MatchDecision = record === undefined
      ? one.decision
      : judgeDecision(one.decision, { names: namesOf(one, one.decision), record });
    return { ...one, decision };
  });
  await storeFindings(tx, {
    findings: judged.map(({ key, job_id, decision, ...query }) => ({
      key,
      job_id,
      evidence: record === undefined
        ? null
        : keptEvidence({ provider: record.provider, works: [record] }),
      resolution: resolutionOf({ decision, check_state: "checked" }, query),
    })),
    at,
  });
  return judged.map(({ key, decision }) => ({
    key,
    reason: decision.kind === "ambiguous" ? decision.reason : null,
  }));
}

/** Why the edition cannot stay; null when it can. */
function reasonAgainst(
  { resolution_key, titles, author, is_waiting }: NamedEdition,
  { isbn13, record, judged }: {
    isbn13: string;
    record: WorkCandidate | undefined;
    judged: readonly Judged[];
  },
): string | null {
  const own = judged.find(({ key }) => key === resolution_key);
  if (own !== undefined) return own.reason;
  // The decision it came from has been made anew since.
  if (record === undefined || !is_waiting) return null;
  return disownment(isbn13, { names: titles.map((title) => ({ title, author })), record });
}

/**
 * A work that has lost its last edition is what it was named again, or that work which bears the name;
 * one that no month has named was only stored for its ISBN.
 */
async function settleBareWork(
  tx: Transaction,
  { workId, at }: { workId: number; at: Date | null },
): Promise<void> {
  const bare = await findBareWork(tx, workId);
  if (bare === null) return;
  const { first_named: named } = bare;
  const authorsBefore = await unlinkAuthors(tx, [workId]);
  if (named === null) await removeWork(tx, workId);
  else await becomeNamed(tx, { workId, named, at });
  await removeBareAuthors(tx, authorsBefore);
}

async function becomeNamed(
  tx: Transaction,
  { workId, named, at }: { workId: number; named: BookName; at: Date | null },
): Promise<void> {
  const { authors, ...title } = namedBook(named);
  const { title_key, author_key, identity_key } = keysOfBook({ ...title, authors });
  const twin = await findIdenticalWork(tx, { identity_key, other_than: workId });
  if (twin !== null) return await mergeWorks(tx, [{ work_id: workId, into: twin }]);
  const work = {
    ...title,
    work_id: workId,
    title_key,
    author_key,
    identity_key,
    language: null,
    first_published: null,
    is_synthetic: true,
    completeness: SYNTHETIC_COMPLETENESS,
  };
  await rewriteWorks(tx, { works: [work], at });
  await linkBookAuthors(tx, [{ work_id: workId, authors }]);
}

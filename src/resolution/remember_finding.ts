import { isRefusedRecord } from "../database/catalogue/refused_record.ts";
import type { AskedBook, Evidence, Finding } from "../database/resolution/resolutions.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import type { CheckState } from "../domain/isbns/isbn_check.ts";
import type { Resolving } from "./resolving.ts";

const DAY_SECONDS = 24 * 60 * 60;
/** How long a decision is remembered. What was not found may be catalogued any day. */
const KEEP_DECISION_SECONDS = {
  found: 180 * DAY_SECONDS,
  ambiguous: 30 * DAY_SECONDS,
  not_found: 7 * DAY_SECONDS,
} as const;
const KEEP_EVIDENCE_SECONDS = { works: 30 * DAY_SECONDS, nothing: 7 * DAY_SECONDS } as const;

/** A decision in the form it is remembered in. */
export function resolutionOf(
  { decision, check_state }: { decision: MatchDecision; check_state: CheckState },
  query: AskedBook,
): NonNullable<Finding<MatchDecision>["resolution"]> {
  return {
    verdict: decision.kind,
    isbn13: decision.kind === "found" ? decision.isbn13 : null,
    decision,
    check_state,
    query,
    keep_seconds: KEEP_DECISION_SECONDS[decision.kind],
  };
}

/** An answer in the form it is remembered in. */
export function keptEvidence(evidence: Evidence): Evidence & { keep_seconds: number } {
  const { works, nothing } = KEEP_EVIDENCE_SECONDS;
  return { ...evidence, keep_seconds: evidence.works.length > 0 ? works : nothing };
}

/**
 * Resolves when the finding is committed, or was refused for what it says: a book that cannot be
 * remembered is asked about again another time, and costs no other book anything.
 *
 * Throws what the database throws otherwise.
 */
export async function rememberFinding(
  { findings, database, job_id, log }: Pick<Resolving, "findings" | "database" | "job_id" | "log">,
  { key, evidence, resolution }: {
    key: string;
    evidence: Evidence | null;
    resolution: Finding<MatchDecision>["resolution"];
  },
): Promise<void> {
  const kept = evidence === null ? null : keptEvidence(evidence);
  try {
    await database.ask(() => findings.store({ key, job_id, evidence: kept, resolution }));
  } catch (error) {
    if (!isRefusedRecord(error)) throw error;
    log.warn("finding_not_stored", { resolution_key: key, error });
  }
}

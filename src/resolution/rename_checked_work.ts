import { renameStoredWorks } from "../catalogue/rename_works.ts";
import type { Transaction } from "../database/connection/connection.ts";
import { findDecisionsOfWorks, findPastEvidence } from "../database/resolution/resolutions.ts";
import { storedBook } from "../domain/catalogue/confirmed_book.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import { recordsOf } from "./verify_candidates.ts";

/**
 * Names a work anew by all records that are known of it by now, one of a check among them.
 *
 * To be called under the locks of the book.
 */
export async function renameCheckedWork(
  tx: Transaction,
  { workId, at }: { workId: number; at: Date | null },
): Promise<void> {
  const [known] = await findDecisionsOfWorks<MatchDecision>(tx, [workId]);
  if (known?.decision.kind !== "found") return;
  const records = recordsOf(known.decision, await findPastEvidence(tx, [known.key]));
  const book = storedBook({ ...known, records });
  await renameStoredWorks(tx, { works: [{ work_id: workId, book }], kept: [], at });
}

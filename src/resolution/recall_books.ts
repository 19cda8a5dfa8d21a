import {
  type Evidence,
  findEvidence,
  findResolutions,
} from "../database/resolution/resolutions.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import { findKnownBooks, type KnownBook } from "./known_books.ts";
import type { Candidate } from "../domain/matching/candidate.ts";
import type { StatedSeries } from "../domain/series/series_fields.ts";
import type { Resolving } from "./resolving.ts";

/** What is remembered about the books of a month. */
export interface Memory {
  /** By the index of the book. */
  readonly decisions: ReadonlyMap<number, KnownBook>;
  /** By the key of the book. */
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
}

/** Reads what earlier months found out about the books. */
export async function recallBooks(
  { database, clock }: Pick<Resolving, "database" | "clock">,
  books: readonly { readonly key: string; readonly candidate: Candidate }[],
): Promise<Memory> {
  const at = clock.sqlNow();
  const keys = books.map(({ key }) => key);
  const [resolutions, evidence, stored] = await database.ask((sql) =>
    Promise.all([
      findResolutions<MatchDecision>(sql, { keys, at }),
      findEvidence(sql, { keys, at }),
      findKnownBooks(sql, books.map(({ candidate }) => candidate)),
    ])
  );
  const remembered = new Map(resolutions.map((one) => [one.key, one]));
  const decisions = new Map(books.flatMap(({ key, candidate }, index) => {
    const made = remembered.get(key);
    const isOpen = made !== undefined && isOpenTo(candidate, made);
    const known = trusted(isOpen ? undefined : made, stored.get(index));
    return known === undefined ? [] : [[index, known]];
  }));
  return {
    decisions,
    evidence: Map.groupBy(evidence, ({ resolution_key }) => resolution_key),
  };
}

/**
 * Whether the book may be found after all, from the answers that are remembered: its series was not known,
 * or was another, when it was not found.
 */
function isOpenTo(
  { series, number }: StatedSeries,
  made: KnownBook & StatedSeries,
): boolean {
  return made.decision.kind !== "found" && series !== null &&
    (series !== made.series || number !== made.number);
}

/**
 * What is stored was proven, and beats a doubt that is still remembered; but nothing is proof that waits
 * for its check.
 */
function trusted(
  remembered: KnownBook | undefined,
  stored: KnownBook | undefined,
): KnownBook | undefined {
  const proof = [remembered, stored].find((book) =>
    book?.decision.kind === "found" && book.check_state !== "waiting"
  );
  return proof ?? remembered ?? stored;
}

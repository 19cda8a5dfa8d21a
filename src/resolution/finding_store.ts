import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";
import { type Finding, storeFindings } from "../database/resolution/resolutions.ts";
import { isDatabaseTrouble } from "../database/connection/retry_while_away.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";

/** Remembers findings about books as they happen. */
export interface FindingStore {
  /** Resolves when the finding is committed. */
  store(finding: Finding<MatchDecision>): Promise<void>;
}

interface Waiting {
  readonly finding: Finding<MatchDecision>;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Group commit: while one commit is under way, the findings of all running months gather, and the
 * next commit takes them all. Each caller still waits for its own to be safe.
 */
export function createFindingStore(
  { database, clock }: { database: Database; clock: Clock },
): FindingStore {
  let waiting: Waiting[] = [];
  let isCommitting = false;

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      const findings = group.map(({ finding }) => finding);
      await storeFindings(database.sql, { findings, at: clock.sqlNow() });
      group.forEach(({ done }) => done.resolve());
    } catch (error) {
      // One that cannot be stored must not take the others with it, which are other months'.
      const isOnesFault = group.length > 1 && !isDatabaseTrouble(error);
      if (!isOnesFault) group.forEach(({ done }) => done.reject(error));
      else for (const one of group) await commit([one]);
    }
  }

  async function commitAll(): Promise<void> {
    isCommitting = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await commit(group);
    }
    isCommitting = false;
  }

  return {
    store(finding): Promise<void> {
      const done = Promise.withResolvers<void>();
      waiting.push({ finding, done });
      if (!isCommitting) void commitAll();
      return done.promise;
    },
  };
}

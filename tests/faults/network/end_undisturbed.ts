import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { untilEnded } from "../../support/months/busy_service.ts";
import {
  assertUndisturbed,
  untilCompleted,
  withOwnConnection,
} from "../../support/months/months_at_work.ts";
import type { ServiceProcess } from "../../support/service/service_process.ts";
import type { TestPlace } from "../../support/service/test_app.ts";
import { findAskedAgain } from "../asked_again.ts";

const LIMIT_MS = 300_000;

/**
 * Fails unless `count` months complete as if nothing had happened, each in one attempt and with nobody
 * asked twice, and SIGTERM then ends the service; gives its log. The database must note stored answers.
 */
export async function endUndisturbed(
  place: TestPlace,
  service: ServiceProcess,
  count: number,
): Promise<string> {
  await untilCompleted(place, { count, limitMs: LIMIT_MS });
  await assertUndisturbed(place, count);
  await assertAskedOnce(place, count);
  service.kill("SIGTERM");
  const { code, stderr } = await untilEnded(service);
  assertEquals(code, 0);
  return stderr;
}

async function assertAskedOnce(place: TestPlace, count: number): Promise<void> {
  const { journal } = place.simulator;
  await withOwnConnection(place, async (database) => {
    const attempts = await database.sql`SELECT outcome, error_code FROM backfill_attempt`;
    assertEquals(
      attempts.map((attempt) => ({ ...attempt })),
      Array.from({ length: count }, () => ({ outcome: "completed", error_code: null })),
    );
    assertEquals(journal.count({ service: "gemini" }), count);
    const { book_count, after_stored, repeated_count } = await findAskedAgain(database, {
      journal,
    });
    assertGreater(book_count, 10 * count);
    assertEquals(after_stored, []);
    // Google Books is asked twice for a volume that is gone, whatever the database does.
    const refused = journal.entries({ status: 503 }).map(({ path }) => path);
    assertLessOrEqual(repeated_count, refused.length - new Set(refused).size);
  });
}

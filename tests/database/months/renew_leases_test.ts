// About months.ts
import { assertEquals } from "@std/assert";
import {
  completeMonth,
  lockClaim,
  renewLeases,
  seedMonths,
} from "../../../src/database/months/months.ts";
import { databaseTest, TEST_DATABASE_URL, withDatabase } from "../../support/postgres/databases.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import { claimNow } from "../../support/months/claim_now.ts";

const LEASE = { leaseSeconds: 60, at: null };

async function claimTwo({ sql }: Database): Promise<[string, string]> {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const rows = await sql`SELECT id FROM backfill_log ORDER BY id LIMIT 2`;
  const claims = await claimNow(sql, {
    monthIds: rows.map(({ id }) => id),
    leaseSeconds: 10,
    claimedBy: "test",
    at: null,
  });
  return [claims[0]!.job_id, claims[1]!.job_id];
}

async function leasesLeft({ sql }: Database): Promise<Record<string, boolean>> {
  const rows = await sql`SELECT job_id, lease_expires_at > now() + interval '30 seconds' AS is_long
    FROM backfill_log WHERE status = 'processing'`;
  return Object.fromEntries(rows.map(({ job_id, is_long }) => [job_id, is_long]));
}

databaseTest("renewLeases() extends what is held and leaves out what is not", async (database) => {
  const [one, other] = await claimTwo(database);
  await completeMonth(database.sql, {
    jobId: other,
    counts: { books_generated: 0, isbns_resolved: 0, isbns_queued: 0 },
    promptVariant: "baseline",
    note: null,
    at: null,
  });
  const jobIds = [one, other, crypto.randomUUID()];
  assertEquals(await renewLeases(database.sql, { ...LEASE, jobIds }), [one]);
  assertEquals(await leasesLeft(database), { [one]: true });
});

Deno.test({
  name: "renewLeases() does not wait for a month that is being stored [server]",
  ignore: TEST_DATABASE_URL === null,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDatabase("server", async (database) => {
      const [stored, other] = await claimTwo(database);
      const jobIds = [stored, other];
      await database.sql.begin(async (tx) => {
        await lockClaim(tx, stored);
        // On another connection, which would wait for this transaction's end.
        const held = await renewLeases(database.sql, { ...LEASE, jobIds });
        assertEquals(held.toSorted(), jobIds.toSorted());
        assertEquals(await leasesLeft(database), { [stored]: false, [other]: true });
      });
    }),
});
